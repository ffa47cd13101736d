// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import java.util.Set;

/// A call that is told what the table says of it, so that one kind may stand there under several names.
abstract class NamedCall implements ApiCall {

    private final String name;
    private final String summary;
    private final Set<Method> methods;

    NamedCall(String name, String summary, Method... methods) {
        this.name = name;
        this.summary = summary;
        this.methods = Set.of(methods);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String summary() {
        return summary;
    }

    @Override
    public final Set<Method> methods() {
        return methods;
    }
}
