// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A webhook registered on a simulated server, as it was at one moment.
///
/// @param meetingId empty for hooks that hear of all meetings
/// @param eventIds the only events it hears of; none means all
/// @param waiting how many events are still to be delivered
/// @param failures how often the first of these was tried in vain
/// @param due when that is tried again
public record HookSnapshot(
        String hookId,
        String callbackUrl,
        Optional<String> meetingId,
        List<String> eventIds,
        boolean raw,
        int waiting,
        int failures,
        Optional<Instant> due) {

    /// The id alone: addresses may hold a receiver's secrets.
    @Override
    public String toString() {
        return "hook %s, %d waiting, %d failures".formatted(hookId, waiting, failures);
    }
}
