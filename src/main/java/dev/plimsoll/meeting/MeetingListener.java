// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import java.util.Optional;

/// Hears of meetings that are claimed, confirmed, moved or over, after each commit and in their order. Must be quick,
/// and must not write to the database.
@FunctionalInterface
public interface MeetingListener {

    /// @param before as it was registered; empty when it is new
    /// @param after as it is registered now; empty when it is over, or its claim given up
    void changed(Optional<Meeting> before, Optional<Meeting> after);
}
