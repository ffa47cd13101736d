// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

/// Decides who gets in at once, who waits in the lobby, and who is turned away.
final class GuestPolicy {

    private GuestPolicy() {}

    /// `ALLOW`, `WAIT` or `DENY`.
    static String decide(String policy, Role role, Params join) {
        if (role == Role.MODERATOR || policy.equals("ALWAYS_ACCEPT")) {
            return "ALLOW";
        }
        boolean guest = MeetingPlan.truth(join, "guest");
        boolean authenticated =
                join.filled("auth")
                        .map("true"::equalsIgnoreCase)
                        .orElse(join.filled("guest").isEmpty());
        return switch (policy) {
            // BBB: odd, but the code of 3.0: authenticated viewers wait, others do not
            case "ASK_MODERATOR" -> guest || authenticated ? "WAIT" : "ALLOW";
            case "ALWAYS_ACCEPT_AUTH" -> guest ? "WAIT" : "ALLOW";
            default -> "DENY"; // BBB: an unknown policy denies
        };
    }
}
