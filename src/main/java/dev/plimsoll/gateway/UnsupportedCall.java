// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import java.util.List;
import java.util.Set;

/// A call that a balancer cannot answer, and says so.
///
/// @param why for whoever wonders
record UnsupportedCall(String name, String why) implements ApiCall {

    @Override
    public String summary() {
        return "Not supported: " + why;
    }

    @Override
    public Set<Method> methods() {
        return Set.of(Method.GET, Method.POST);
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Source answeredFrom() {
        return Source.NOTHING;
    }

    @Override
    public List<String> errors() {
        return List.of(ApiFault.UNSUPPORTED_REQUEST);
    }

    @Override
    public Reply handle(Call call) {
        throw new ApiFault(ApiFault.UNSUPPORTED_REQUEST, "This request is not supported: " + why);
    }
}
