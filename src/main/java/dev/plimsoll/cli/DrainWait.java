// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits until a draining server is disabled, and shows what is left on it.
final class DrainWait {

    /// How the wait ended.
    sealed interface Outcome {
        /// It is out of service.
        record Disabled() implements Outcome {}

        /// Somebody wants it otherwise by now.
        record Changed(String admission) implements Outcome {}

        /// Somebody took it out of the pool.
        record Removed() implements Outcome {}

        /// It drains on; this was left.
        record TimedOut(String left) implements Outcome {}

        /// We were told to wait no longer.
        record CalledOff() implements Outcome {}
    }

    private final Instance instance;
    private final Screen screen;
    private final Duration interval;

    DrainWait(Instance instance, Screen screen, Duration interval) {
        this.instance = instance;
        this.screen = screen;
        this.interval = interval;
    }

    /// @throws AdminException when the instance stays away for long
    Outcome await(String id, Duration within, BooleanSupplier calledOff)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        try {
            while (true) {
                var server = look(id);
                switch (server.admission()) {
                    case "disabled" -> {
                        return new Outcome.Disabled();
                    }
                    case "draining" -> screen.state(id, left(server));
                    default -> {
                        return new Outcome.Changed(server.admission());
                    }
                }
                if (System.nanoTime() > deadline) {
                    return new Outcome.TimedOut(left(server));
                }
                if (calledOff.getAsBoolean()) {
                    return new Outcome.CalledOff();
                }
                Waiting.pause(interval);
            }
        } catch (AdminException e) {
            if (e.status() == 404) {
                return new Outcome.Removed();
            }
            throw e;
        } finally {
            screen.clear(id);
        }
    }

    /// A poll is what ends a drain: when nothing of ours is left, we do not wait for the next one.
    private ServerView look(String id) throws InterruptedException {
        var server = instance.send(AdminRoutes.SERVERS_SHOW, id, null, ServerView.class);
        if (!server.admission().equals("draining") || server.registered() > 0) {
            return server;
        }
        instance.send(AdminRoutes.SERVERS_POLL, id, null, ServerView.class);
        return instance.send(AdminRoutes.SERVERS_SHOW, id, null, ServerView.class);
    }

    private static String left(ServerView server) {
        if (server.registered() == 0) {
            return server.meetings() == 0 || !server.health().equals("online")
                    ? "no meeting is left; it is " + server.health()
                    : count(server.meetings(), "meeting")
                            + " that we did not place, or still ending";
        }
        return "%s, %s left%s"
                .formatted(
                        count(server.registered(), "meeting"),
                        server.users() == 1 ? "1 person" : server.users() + " people",
                        server.registered() > 1 && server.users() > 0
                                ? "; %d in the largest".formatted(server.largest())
                                : "");
    }

    static String count(int number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }
}
