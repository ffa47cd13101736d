// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// Limits of the BigBlueButton API.
///
/// @param maxBody bytes of a posted body; a create may carry slides in base64
/// @param maxParams parameters of one call
/// @param listTimeout how long getMeetings waits for a server before its last poll is used instead
/// @param joinPatience how long a browser's join waits for a meeting that is being created, before it gets a page
/// @param joinTries how often such a page tries again
public record GatewaySettings(
        int maxBody, int maxParams, Duration listTimeout, Duration joinPatience, int joinTries) {

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
                        "How long getMeetings waits for a server before its last poll is used instead."),
                config.duration(
                        "join.patience",
                        Duration.ofSeconds(5),
                        "How long a browser waits for a meeting that is being created before it gets a page that tries again."),
                config.number(
                        "join.tries",
                        40,
                        1,
                        10_000,
                        "How often that page, and the one for a server that is offline, tries again, after 3 s each."));
    }
}
