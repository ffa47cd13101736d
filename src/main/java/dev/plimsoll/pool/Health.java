// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import java.time.Instant;

/// What polls and calls have shown of a server. Set by them, never by people.
public sealed interface Health {

    /// Answers as it should.
    record Online() implements Health {}

    /// Failing, recovering or not polled yet: no new meetings, running ones are kept.
    ///
    /// @param failures in a row, 0 while it recovers
    /// @param successes in a row since it failed
    /// @param reason of the last failure, in an operator's words
    record Unstable(int failures, int successes, String reason) implements Health {}

    /// Given up until it answers again.
    ///
    /// @param successes in a row, on the way back
    record Offline(Instant since, String reason, int successes) implements Health {}

    /// As people read it.
    default String word() {
        return switch (this) {
            case Online() -> "online";
            case Unstable _ -> "unstable";
            case Offline _ -> "offline";
        };
    }
}
