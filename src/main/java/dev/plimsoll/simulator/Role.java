// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

/// What somebody in a simulated meeting is.
public enum Role {
    MODERATOR("MODERATOR", "HTML5"),
    VIEWER("VIEWER", "HTML5"),
    PHONE("DIAL-IN-USER", "DIAL-IN");

    final String bbbName;
    final String clientType;

    Role(String bbbName, String clientType) {
        this.bbbName = bbbName;
        this.clientType = clientType;
    }
}
