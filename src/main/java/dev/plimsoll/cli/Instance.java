// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.adminapi.AdminRoutes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// The running instance, asked by a command that lasts: when it is away for a while, the question is put again. Ask
/// only what does no harm when it is asked twice. Thread-safe.
final class Instance implements AutoCloseable {

    private final AdminClient client;
    private final Duration patience;
    private final Duration interval;
    private final Screen screen;

    Instance(AdminClient client, Duration patience, Duration interval, Screen screen) {
        this.client = client;
        this.patience = patience;
        this.interval = interval;
        this.screen = screen;
    }

    /// @throws AdminException when it says no, or stays away for too long
    <T> T send(AdminRoutes route, String id, @Nullable Object body, Class<T> answer)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                return client.send(route, id, body, answer);
            } catch (AdminException e) {
                if (!e.mayPass() || System.nanoTime() > deadline) {
                    throw e;
                }
                if (!told) {
                    screen.line("the instance is away (%s); waiting".formatted(e.getMessage()));
                    told = true;
                }
            }
            Waiting.pause(interval);
        }
    }

    /// Asks once: for what must not be done twice.
    <T> T once(AdminRoutes route, String id, @Nullable Object body, Class<T> answer) {
        return client.send(route, id, body, answer);
    }

    @Override
    public void close() {
        client.close();
    }
}
