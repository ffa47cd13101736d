// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.config.Config;

import java.time.Duration;

/// Limits of the BigBlueButton API.
///
/// @param maxBody bytes of a posted body; a create may carry slides in base64
/// @param maxParams parameters of one call
/// @param maxValue characters of one parameter's value
/// @param xml how large an XML body may be
/// @param maxRequests under way at one time
/// @param maxRequestsPerCaller under way at one time from one address
/// @param listTimeout how long getMeetings waits for a server before its last poll is used instead
/// @param joinPatience how long a browser's join waits for a meeting that is being created, before it gets a page
/// @param joinTries how often such a page tries again
public record GatewaySettings(
        int maxBody,
        int maxParams,
        int maxValue,
        XmlLimits xml,
        int maxRequests,
        int maxRequestsPerCaller,
        Duration listTimeout,
        Duration joinPatience,
        int joinTries) {

    public static GatewaySettings read(Config config) {
        return new GatewaySettings(
                config.number(
                        "api.max-body",
                        20_000_000,
                        1000,
                        500_000_000,
                        "Largest body of a create or an insertDocument, in bytes."),
                config.number("api.max-params", 1000, 10, 100_000, "Most parameters of one call."),
                config.number(
                        "api.max-value",
                        500_000,
                        300,
                        10_000_000,
                        "Longest value of one parameter, in characters."),
                new XmlLimits(
                        config.number(
                                "api.max-xml-depth",
                                XmlLimits.BODY.depth(),
                                2,
                                1000,
                                "Most nested elements of an XML body."),
                        config.number(
                                "api.max-xml-elements",
                                XmlLimits.BODY.elements(),
                                10,
                                1_000_000,
                                "Most elements of an XML body."),
                        XmlLimits.BODY.text()),
                config.number(
                        "api.max-requests",
                        4000,
                        1,
                        1_000_000,
                        "Most API requests under way at one time."),
                config.number(
                        "api.max-requests-per-caller",
                        1000,
                        1,
                        1_000_000,
                        "Most API requests under way at one time from one address; behind a trusted proxy, from one of its callers."),
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
