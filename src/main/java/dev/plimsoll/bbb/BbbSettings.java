// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import dev.plimsoll.config.Config;

import java.time.Duration;

/// How patient we are with servers, and how much we let them send.
///
/// @param connect for a connection, TLS included
/// @param answer for a whole answer to an ordinary call
/// @param create for one attempt at a create, which a server answers only after it fetched the slides
/// @param maxAnswer bytes of one answer; 100 meetings of 100 people are about 3.5 MB
/// @param maxConnections to one server for questions, as many for what changes something, and as many for uploads
public record BbbSettings(
        Duration connect, Duration answer, Duration create, int maxAnswer, int maxConnections) {

    public static BbbSettings read(Config config) {
        return new BbbSettings(
                config.duration(
                        "bbb.connect-timeout",
                        Duration.ofSeconds(3),
                        "How long connecting to a server may take."),
                config.duration(
                        "bbb.answer-timeout",
                        Duration.ofSeconds(10),
                        "How long a server may take to answer an ordinary call, to the last byte."),
                config.duration(
                        "bbb.create-timeout",
                        Duration.ofSeconds(20),
                        "How long one server may take for a create before the next one is tried."),
                config.number(
                        "bbb.max-answer",
                        16_000_000,
                        10_000,
                        1_000_000_000,
                        "Largest answer of a server taken, in bytes."),
                config.number(
                        "bbb.max-connections",
                        64,
                        1,
                        10_000,
                        "Most connections to one server for questions, as many for what changes something, and as many for uploads."));
    }
}
