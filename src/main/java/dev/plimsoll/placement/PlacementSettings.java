// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// What makes a server busy.
///
/// @param perVoice what somebody's audio costs besides the person, in user-equivalents
/// @param perVideo what a camera stream costs
/// @param usualUsers people that a new meeting is expected to have
/// @param halfLife time in which half of a reservation is given up
public record PlacementSettings(
        double perVoice, double perVideo, double usualUsers, Duration halfLife) {

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
                        "Time in which half of a new meeting's reservation is given up."));
    }
}
