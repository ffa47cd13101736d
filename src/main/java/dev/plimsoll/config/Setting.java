// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

/// One setting as the reference page, `config show` and the example file present it.
///
/// @param key the name in the file, such as `poll.interval`
/// @param kind what may be written: `duration`, `number`, `text`, …
/// @param fallback the default, as one would write it; empty when there is none
/// @param help one sentence
/// @param value the value in force, masked when secret
/// @param source where the value came from: `default`, the file's name or the environment variable
public record Setting(
        String key, String kind, String fallback, String help, String value, String source) {

    /// The setting's name in the environment: `poll.interval` is `PLIMSOLL_POLL_INTERVAL`.
    public String environmentName() {
        return environmentName(key);
    }

    static String environmentName(String key) {
        return "PLIMSOLL_"
                + key.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    }
}
