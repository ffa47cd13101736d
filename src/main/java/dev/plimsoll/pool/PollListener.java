// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.SeenMeeting;

import java.time.Instant;
import java.util.List;

/// Hears which meetings a server runs, after each usable poll.
@FunctionalInterface
public interface PollListener {

    /// @param started when the question was sent: what was confirmed later may be missing in the answer
    void polled(Server server, List<SeenMeeting> seen, Instant started);

    /// Hears of a poll that the server failed to answer.
    default void unanswered(Server server) {}
}
