// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// How often servers are polled and how patient we are with them.
///
/// @param heartbeat the longest time in which nothing is heard of a server before we knock
public record PollSettings(
        Duration interval, Duration heartbeat, Duration timeout, HealthRule health) {

    public static PollSettings read(Config config) {
        return new PollSettings(
                config.duration(
                        "poll.interval",
                        Duration.ofSeconds(10),
                        "How often each server is asked for its meetings."),
                config.duration(
                        "poll.heartbeat",
                        Duration.ofMillis(2500),
                        "How long nothing may be heard of a server before we look whether it lives; servers that"
                                + " are not online are polled this often."),
                config.duration(
                        "poll.timeout",
                        Duration.ofSeconds(5),
                        "How long one poll may take before it counts as a failure."),
                new HealthRule(
                        config.number(
                                "poll.failures-until-offline",
                                3,
                                1,
                                20,
                                "Failed polls in a row until a server is given up; one that is refused counts twice."),
                        config.number(
                                "poll.successes-until-online",
                                2,
                                1,
                                20,
                                "Good polls in a row until a failing server takes new meetings again."),
                        config.number(
                                "poll.successes-until-full",
                                6,
                                1,
                                1000,
                                "Good polls until a server that came back gets its whole share of new meetings.")));
    }
}
