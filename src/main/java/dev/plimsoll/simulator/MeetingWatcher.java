// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

/// Is told what happens to the meetings of a server, under their lock: must not block.
interface MeetingWatcher {

    /// The meeting has ended and is forgotten; some of its people may have been there to the last.
    void ended(Meeting meeting);

    default void created(Meeting meeting) {}

    default void joined(Meeting meeting, User user) {}

    /// The server has counted the user out.
    default void left(Meeting meeting, User user) {}

    /// Its people began or ceased to record it.
    default void recordingChanged(Meeting meeting) {}
}
