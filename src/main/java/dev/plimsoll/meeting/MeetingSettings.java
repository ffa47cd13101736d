// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// How meetings are created and moved, and how long one may stay empty.
///
/// @param budget for one create, over all servers that are tried
/// @param follow whether people follow a meeting that moves
/// @param abandonedAfter time without anybody in it after which a meeting is ended; zero for never
public record MeetingSettings(Duration budget, boolean follow, Duration abandonedAfter) {

    public static MeetingSettings read(Config config) {
        return new MeetingSettings(
                config.duration(
                        "create.budget",
                        Duration.ofSeconds(50),
                        "How long a create may take over all servers that are tried; less than your proxy's timeout."),
                config.flag(
                        "meeting.follow",
                        true,
                        "Whether browsers follow a meeting that is moved or opened elsewhere: its logoutURL leads through us then."),
                config.durationOrNone(
                        "meeting.abandoned-after",
                        "How long nobody may be in a meeting before it is ended; 0: for ever."));
    }
}
