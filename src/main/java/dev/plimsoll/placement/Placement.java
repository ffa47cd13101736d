// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import java.util.Map;
import java.util.stream.Collectors;

/// Where a new meeting goes, and why.
public sealed interface Placement {

    /// A server was chosen.
    ///
    /// @param reservation user-equivalents that the meeting is expected to need
    /// @param why one sentence for an operator
    record Chosen(Server server, double reservation, String why) implements Placement {

        /// The same with what led to it.
        public Chosen after(String reason) {
            return new Chosen(server, reservation, reason + "; " + why);
        }
    }

    /// No server can take the meeting.
    ///
    /// @param reasons for each server, why not
    record NoServer(Map<ServerId, String> reasons) implements Placement {

        /// On one line, for an operator.
        public String words() {
            return reasons.isEmpty()
                    ? "there is none"
                    : reasons.entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining("; "));
        }
    }
}
