// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.ServerView;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes servers out of service, a few at a time, lets something be done with them, and takes them in again.
///
/// So many threads take the next server in turn, under one lock: whether enough others remain is asked and the drain is
/// ordered before anybody else may ask. At the first failure no more are begun. Servers on which the work has begun go
/// on to their end; those that still drain are enabled again, since what failed on one would fail on them.
final class Roll {

    /// How it is to be done.
    record Plan(
            int parallel,
            int keep,
            RollWork work,
            Duration drainTimeout,
            Duration healthTimeout,
            Duration interval) {}

    private final Instance instance;
    private final Screen screen;
    private final Plan plan;
    private final RollState state;
    private final RollDrain drain;
    private final HealthWait health;

    private final Set<String> underWay = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private volatile boolean stopped;

    Roll(
            Instance instance,
            Screen screen,
            Plan plan,
            RollState state,
            RollDrain drain,
            HealthWait health) {
        this.instance = instance;
        this.screen = screen;
        this.plan = plan;
        this.state = state;
        this.drain = drain;
        this.health = health;
    }

    /// Goes on until all is done or something has failed.
    ///
    /// @return what failed, a line each
    List<String> run() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < plan.parallel(); i++) {
            threads.add(Thread.ofVirtual().name("roll-" + i).start(this::work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        state.finish();
        return List.copyOf(failures);
    }

    private void work() {
        String at = "the roll";
        try {
            for (var entry = take(); entry.isPresent(); entry = take()) {
                at = entry.get().id();
                turn(entry.get());
                leave(at);
                at = "the roll";
            }
        } catch (AdminException | UncheckedIOException e) {
            fail(at, String.valueOf(e.getMessage()));
            leave(at);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private synchronized void leave(String id) {
        underWay.remove(id);
    }

    private synchronized void fail(String id, String why) {
        stopped = true;
        failures.add("%s: %s".formatted(id, why));
        screen.line("%s: %s".formatted(id, why));
    }

    /// The next server, once it may be taken; empty when there is none, or when no more are begun.
    private Optional<RollState.Entry> take() throws InterruptedException {
        long deadline = System.nanoTime() + plan.healthTimeout().toNanos();
        while (true) {
            synchronized (this) {
                var next = stopped ? Optional.<RollState.Entry>empty() : state.next(underWay);
                if (next.isEmpty()) {
                    return next;
                }
                if (isTaken(next.get())) {
                    return next;
                }
                if (!state.next(underWay).equals(next)) {
                    continue; // it was left out
                }
                if (!underWay.isEmpty()) {
                    deadline = System.nanoTime() + plan.healthTimeout().toNanos();
                } else if (System.nanoTime() > deadline) {
                    fail(
                            next.get().id(),
                            "is not begun: fewer than %d enabled and healthy servers would remain"
                                    .formatted(plan.keep()));
                    return Optional.empty();
                }
            }
            Waiting.pause(plan.interval());
        }
    }

    private boolean isTaken(RollState.Entry entry) throws InterruptedException {
        var pool = List.of(instance.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class));
        var server = pool.stream().filter(one -> one.id().equals(entry.id())).findFirst();
        if (server.isEmpty()) {
            screen.line("%s: is not in the pool any more; left out".formatted(entry.id()));
            state.set(entry, RollState.Step.SKIPPED);
            return false;
        }
        String admission = server.get().admission();
        boolean enabled = admission.equals("enabled");
        if (!entry.isBegun() && !enabled) {
            screen.line(
                    "%s: somebody made it %s meanwhile; left out".formatted(entry.id(), admission));
            state.set(entry, RollState.Step.SKIPPED);
            return false;
        }
        // Whoever enabled it by hand after its work was done has put it right: it only is looked
        // at.
        boolean repaired = enabled && entry.step() == RollState.Step.CHECK;
        if (enabled && !repaired && others(pool, entry.id()) < plan.keep()) {
            return false;
        }
        underWay.add(entry.id());
        if (!admission.equals("disabled") && !repaired) {
            state.set(entry, RollState.Step.DRAIN);
            drain.order(entry.id());
        }
        return true;
    }

    static long others(List<ServerView> pool, String id) {
        return pool.stream()
                .filter(server -> !server.id().equals(id))
                .filter(server ->
                        server.admission().equals("enabled") && server.health().equals("online"))
                .count();
    }

    /// All that is done with one server, from where it stands.
    private void turn(RollState.Entry taken) throws InterruptedException {
        var entry = now(taken);
        if (entry.step() == RollState.Step.DRAIN && !drained(entry)) {
            return;
        }
        if (now(entry).step() == RollState.Step.COMMAND && !worked(entry)) {
            return;
        }
        switch (health.await(entry.id())) {
            case HealthWait.Outcome.Failed(String why) -> fail(entry.id(), why);
            case HealthWait.Outcome.Healthy(ServerView server) -> {
                instance.send(AdminRoutes.SERVERS_ENABLE, entry.id(), null, Changed.class);
                state.set(entry, RollState.Step.DONE);
                screen.line(
                        "%s: %s, enabled (%d of %d)"
                                .formatted(
                                        entry.id(),
                                        versions(entry.version(), server.version()),
                                        state.with(RollState.Entry::isOver).size(),
                                        state.entries().size()));
            }
        }
    }

    private RollState.Entry now(RollState.Entry entry) {
        return state.entries().stream()
                .filter(one -> one.id().equals(entry.id()))
                .findFirst()
                .orElseThrow();
    }

    private boolean drained(RollState.Entry entry) throws InterruptedException {
        return switch (drain.await(entry.id(), plan.drainTimeout(), () -> stopped)) {
            case RollDrain.Outcome.Empty _ -> {
                state.set(entry, RollState.Step.COMMAND);
                screen.line("%s: is empty and disabled".formatted(entry.id()));
                yield true;
            }
            case RollDrain.Outcome.CalledOff _ -> {
                instance.send(AdminRoutes.SERVERS_ENABLE, entry.id(), null, Changed.class);
                state.set(entry, RollState.Step.WAITING);
                screen.line("%s: was not begun with; enabled again".formatted(entry.id()));
                yield false;
            }
            case RollDrain.Outcome.Failed(String why) -> {
                fail(entry.id(), why);
                yield false;
            }
        };
    }

    private boolean worked(RollState.Entry entry) throws InterruptedException {
        var server = instance.send(AdminRoutes.SERVERS_SHOW, entry.id(), null, ServerView.class);
        return switch (plan.work().on(server, screen)) {
            case RollWork.Outcome.Done _ -> {
                state.set(entry, RollState.Step.CHECK);
                yield true;
            }
            case RollWork.Outcome.Skipped _ -> {
                state.set(entry, RollState.Step.SKIPPED);
                screen.line("%s: is skipped and stays disabled".formatted(entry.id()));
                yield false;
            }
            case RollWork.Outcome.Stopped _ -> {
                fail(entry.id(), "stopped by you");
                yield false;
            }
            case RollWork.Outcome.Failed(String why) -> {
                fail(entry.id(), why);
                yield false;
            }
        };
    }

    private static String versions(String before, String after) {
        return "%s → %s".formatted(word(before), word(after));
    }

    private static String word(String version) {
        return version.isEmpty() ? "(hidden)" : Table.clean(version);
    }
}
