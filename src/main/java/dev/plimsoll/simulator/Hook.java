// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One webhook with its queue. Thread-safe.
///
/// At most one virtual thread works on the queue, in order: the next event waits for the one before. After a failure
/// nobody works; [#tick] begins again when the time has come, and after the last failure the hook is given up.
final class Hook {

    private static final List<Duration> RETRIES =
            IntStream.of(
                            100, 500, 1000, 2000, 4000, 8000, 10_000, 30_000, 60_000, 60_000,
                            60_000, 60_000)
                    .mapToObj(Duration::ofMillis)
                    .toList();

    /// What the caller of `hooks/create` wanted.
    ///
    /// @param eventIds in lower case; none means all
    record Wish(
            String callbackUrl, Optional<String> meetingId, List<String> eventIds, boolean raw) {

        boolean wants(HookEvent event) {
            return meetingId.filter(id -> !id.equals(event.meetingId())).isEmpty()
                    && (raw || eventIds.isEmpty() || eventIds.contains(event.id()));
        }

        boolean sameTarget(Wish other) {
            return callbackUrl.equals(other.callbackUrl) && meetingId.equals(other.meetingId);
        }
    }

    /// Brings one event to its receiver.
    interface Delivery {
        /// @param firstTry when it was first tried, in milliseconds
        boolean succeeds(Wish wish, HookEvent event, long firstTry);
    }

    private enum Work {
        IDLE,
        BUSY,
        WAITING,
        STOPPED
    }

    final String id;
    final Wish wish;
    private final InstantSource clock;
    private final Delivery delivery;
    private final Runnable givenUp;
    private final ArrayDeque<HookEvent> queue = new ArrayDeque<>();
    private Work work = Work.IDLE;
    private int failures;
    private long firstTry;
    private Instant due = Instant.MAX;

    /// @param givenUp run once, on a thread of the hook's, when the receiver has failed too often
    Hook(String id, Wish wish, InstantSource clock, Delivery delivery, Runnable givenUp) {
        this.id = id;
        this.wish = wish;
        this.clock = clock;
        this.delivery = delivery;
        this.givenUp = givenUp;
    }

    synchronized void add(HookEvent event) {
        if (work == Work.STOPPED) {
            return;
        }
        queue.add(event);
        if (work == Work.IDLE) {
            begin();
        }
    }

    /// Tries again if it is time.
    synchronized void tick() {
        if (work == Work.WAITING && !due.isAfter(clock.instant())) {
            begin();
        }
    }

    /// Delivers nothing any more.
    synchronized void stop() {
        work = Work.STOPPED;
        queue.clear();
    }

    /// Whether all was delivered.
    synchronized boolean done() {
        return queue.isEmpty();
    }

    synchronized HookSnapshot snapshot() {
        return new HookSnapshot(
                id,
                wish.callbackUrl(),
                wish.meetingId(),
                wish.eventIds(),
                wish.raw(),
                queue.size(),
                failures,
                work == Work.WAITING ? Optional.of(due) : Optional.empty());
    }

    private void begin() {
        work = Work.BUSY;
        if (failures == 0) {
            firstTry = clock.millis();
        }
        var first = queue.element();
        long stamp = firstTry;
        Thread.ofVirtual().name("hook-" + id).start(() -> deliver(first, stamp));
    }

    private void deliver(HookEvent event, long stamp) {
        if (delivery.succeeds(wish, event, stamp)) {
            succeeded();
        } else if (failed() == Work.STOPPED) {
            givenUp.run();
        }
    }

    private synchronized void succeeded() {
        if (work == Work.STOPPED) {
            return;
        }
        queue.remove();
        failures = 0;
        work = Work.IDLE;
        if (!queue.isEmpty()) {
            begin();
        }
    }

    private synchronized Work failed() {
        if (work == Work.STOPPED) {
            return work;
        }
        if (failures == RETRIES.size()) {
            stop();
        } else {
            due = clock.instant().plus(RETRIES.get(failures));
            failures++;
            work = Work.WAITING;
        }
        return work;
    }
}
