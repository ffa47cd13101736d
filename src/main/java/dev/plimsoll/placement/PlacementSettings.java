// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.config.Config;
import dev.plimsoll.pool.Caps;

import java.time.Duration;

/// What makes a server busy, and what it may be given.
///
/// @param perVoice what somebody's audio costs besides the person, in user-equivalents
/// @param perVideo what a camera stream costs
/// @param usualUsers people that a new meeting is expected to have
/// @param halfLife time in which half of a reservation is given up
/// @param caps of servers that have none of their own
/// @param bigMeeting people from which on a meeting is kept away from other such meetings; 0 for never
public record PlacementSettings(
        double perVoice,
        double perVideo,
        double usualUsers,
        Duration halfLife,
        Caps caps,
        int bigMeeting) {

    public static PlacementSettings read(Config config) {
        return new PlacementSettings(
                config.decimal(
                        "placement.load-per-voice",
                        0.5,
                        0,
                        100,
                        "What a person's audio adds to the load; the person itself counts 1."),
                config.decimal(
                        "placement.load-per-video",
                        2,
                        0,
                        100,
                        "What a camera stream adds to the load."),
                config.decimal(
                        "placement.usual-users",
                        20,
                        0,
                        10_000,
                        "People that a new meeting is expected to have, reserved when it is placed."),
                config.duration(
                        "placement.reservation-half-life",
                        Duration.ofMinutes(10),
                        "Time in which half of a new meeting's reservation is given up."),
                new Caps(
                        cap(
                                config,
                                "placement.max-users",
                                "People on a server beyond whom it gets no new meetings"),
                        cap(
                                config,
                                "placement.max-meetings",
                                "Meetings on a server beyond which it gets no new ones"),
                        cap(
                                config,
                                "placement.max-per-minute",
                                "New meetings that a server gets within a minute")),
                config.number(
                        "placement.big-meeting",
                        100,
                        0,
                        1_000_000,
                        "Expected people from which on a meeting is not placed beside another such meeting, if there"
                                + " is a choice; 0: never mind."));
    }

    private static int cap(Config config, String key, String what) {
        return config.number(
                key, 0, 0, 1_000_000, what + ", unless it has a limit of its own; 0: no limit.");
    }
}
