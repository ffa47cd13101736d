// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import java.util.List;

/// Settings that cannot be used: every mistake at once, one line each, ready to be shown to a person.
public final class ConfigProblems extends RuntimeException {

    private static final long serialVersionUID = 1;

    ConfigProblems(List<String> problems) {
        super(String.join("\n", problems));
    }
}
