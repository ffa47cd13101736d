// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Trouble;

import java.time.Instant;

/// What polls and calls have shown of a server. Set by them, never by people.
public sealed interface Health {

    /// Why a new server is not online.
    Failure NOT_POLLED = new Failure(Trouble.NONE, "not polled yet");

    /// Answers as it should.
    ///
    /// @param polls that were good since it came back, up to `full`
    /// @param full so many of them give it its whole share of new meetings again
    record Online(int polls, int full) implements Health {

        /// The part of its weight that counts for new meetings: more than 0, at most 1.
        public double share() {
            return polls >= full ? 1 : Math.max(1, polls) / (double) full;
        }
    }

    /// Failing, recovering or not polled yet: no new meetings, running ones are kept.
    ///
    /// @param points that failed polls in a row have given, 0 while it recovers
    /// @param successes in a row since it failed
    /// @param failure the last one
    record Unstable(int points, int successes, Failure failure) implements Health {}

    /// Given up until it answers polls again.
    ///
    /// @param failure the last one
    /// @param successes in a row, on the way back
    record Offline(Instant since, Failure failure, int successes) implements Health {}

    /// As people read it.
    default String word() {
        return switch (this) {
            case Online _ -> "online";
            case Unstable _ -> "unstable";
            case Offline _ -> "offline";
        };
    }

    /// Why it is not online, in an operator's words; empty text when it is.
    default String reason() {
        return switch (this) {
            case Online _ -> "";
            case Unstable(_, _, Failure failure) -> failure.reason();
            case Offline(_, Failure failure, _) -> failure.reason();
        };
    }

    /// What kind of failure keeps it from being online.
    default Trouble trouble() {
        return switch (this) {
            case Online _ -> Trouble.NONE;
            case Unstable(_, _, Failure failure) -> failure.trouble();
            case Offline(_, Failure failure, _) -> failure.trouble();
        };
    }
}
