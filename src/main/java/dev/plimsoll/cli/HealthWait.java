// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;

import java.time.Duration;
import java.util.Optional;

/// Polls a server until it is well and has the version that was wished for.
final class HealthWait {

    /// One good poll may be the last one before a restart that the command only began.
    private static final int GOOD_POLLS = 3;

    /// How it ended.
    sealed interface Outcome {
        record Healthy(ServerView server) implements Outcome {}

        record Failed(String why) implements Outcome {}
    }

    private final Instance instance;
    private final Screen screen;
    private final Duration interval;
    private final Duration within;
    private final Optional<String> version;

    HealthWait(
            Instance instance,
            Screen screen,
            Duration interval,
            Duration within,
            Optional<String> version) {
        this.instance = instance;
        this.screen = screen;
        this.interval = interval;
        this.within = within;
        this.version = version;
    }

    Outcome await(String id) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        int good = 0;
        String polledAt = "";
        try {
            while (true) {
                var server = instance.send(AdminRoutes.SERVERS_POLL, id, null, ServerView.class);
                var lacking = lacking(server, polledAt);
                good = lacking.isEmpty() ? good + 1 : 0;
                polledAt = server.polledAt();
                if (good >= GOOD_POLLS) {
                    return new Outcome.Healthy(server);
                }
                if (System.nanoTime() > deadline) {
                    return new Outcome.Failed(lacking.orElse("it answers too slowly to be sure"));
                }
                screen.state(id, lacking.orElse("is polled"));
                Waiting.pause(interval);
            }
        } finally {
            screen.clear(id);
        }
    }

    /// What keeps it from being ready.
    private Optional<String> lacking(ServerView server, String lastPoll) {
        if (!server.health().equals("online")) {
            return Optional.of(
                    "it is %s (%s)".formatted(server.health(), Table.clean(server.reason())));
        }
        if (server.polledAt().equals(lastPoll)) {
            return Optional.of("it has not answered the last poll");
        }
        return version.filter(wished -> !wished.equals(server.version()))
                .map(wished ->
                        server.version().isEmpty()
                                ? "it hides its version, so nobody knows whether it is " + wished
                                : "it has version %s, not %s"
                                        .formatted(Table.clean(server.version()), wished));
    }
}
