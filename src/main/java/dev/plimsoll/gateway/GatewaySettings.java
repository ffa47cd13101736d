// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// Limits of the BigBlueButton API.
///
/// @param maxBody bytes of a posted body; a create may carry slides in base64
/// @param maxParams parameters of one call
/// @param listTimeout how long getMeetings waits for a server before its last poll is used instead
public record GatewaySettings(int maxBody, int maxParams, Duration listTimeout) {

    public static GatewaySettings read(Config config) {
        return new GatewaySettings(
                config.number(
                        "api.max-body",
                        20_000_000,
                        1000,
                        500_000_000,
                        "Largest body of a create, in bytes."),
                config.number("api.max-params", 1000, 10, 100_000, "Most parameters of one call."),
                config.duration(
                        "api.list-timeout",
                        Duration.ofSeconds(3),
                        "How long getMeetings waits for a server before its last poll is used instead."));
    }
}
