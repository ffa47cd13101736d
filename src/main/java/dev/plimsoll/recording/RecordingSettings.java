// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.recording;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// How patient we are with servers that are asked for recordings.
///
/// @param timeout for a server's answer: BigBlueButton reads a file per recording, thousands take half a minute
public record RecordingSettings(Duration timeout) {

    public static RecordingSettings read(Config config) {
        return new RecordingSettings(
                config.duration(
                        "recordings.timeout",
                        Duration.ofSeconds(30),
                        "How long a server may take to list or change its recordings."));
    }
}
