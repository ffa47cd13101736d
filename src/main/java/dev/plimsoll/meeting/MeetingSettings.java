// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// How long a create may take in all.
///
/// @param budget for one create, over all servers that are tried
public record MeetingSettings(Duration budget) {

    public static MeetingSettings read(Config config) {
        return new MeetingSettings(
                config.duration(
                        "create.budget",
                        Duration.ofSeconds(50),
                        "How long a create may take over all servers that are tried; less than your proxy's timeout."));
    }
}
