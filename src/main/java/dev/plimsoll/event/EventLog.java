// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.event;

import dev.plimsoll.db.Database;
import dev.plimsoll.db.Topic;
import dev.plimsoll.db.Tx;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Counter;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// What happened in the cluster, oldest first.
///
/// An event is written in the transaction that makes the change, so that there is one exactly when the other is. The
/// log is bounded: now and then what is old, or too much, is dropped. Texts are for operators and hold no secret and
/// no person's name. Thread-safe.
public final class EventLog implements AutoCloseable {

    /// What is announced on the change feed for each event.
    static final Topic<Event> TOPIC = new Topic<>("event", Event.class);

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int MOST = 100_000;

    /// One in so many events tidies up.
    private static final int TIDY_EVERY = 500;

    private final Database db;
    private final Clock clock;
    private final EventStore store = new EventStore();
    private final Counter counter;

    /// Opens with the next event, and is replaced by a new one: who takes it before looking for events misses none.
    private final AtomicReference<CountDownLatch> next =
            new AtomicReference<>(new CountDownLatch(1));

    private volatile boolean closed;

    public EventLog(Database db, Clock clock, Metrics metrics) {
        this.db = db;
        this.clock = clock;
        this.counter =
                metrics.counter("plimsoll_events", "Events in the log of events, by kind.", "kind");
        db.listen(TOPIC, rows -> heard(rows.keySet()));
    }

    /// Writes an event in the transaction of what happened.
    ///
    /// @param kind a short word of few, such as `server-offline`: it becomes a label of a metric
    /// @param subject the server or the meeting
    /// @param text what happened, in an operator's words, on one line; empty text when the kind says it all
    public void note(Tx tx, String kind, String subject, String text) {
        var now = clock.instant();
        long id = store.insert(tx, now, kind, subject, text);
        tx.announce(TOPIC, id + " " + kind);
        if (id % TIDY_EVERY == 0) {
            store.prune(tx, now.minus(KEPT), id - MOST + 1);
        }
    }

    /// The oldest events that came after that one.
    ///
    /// @param id of the last event known, 0 for none
    public List<Event> since(long id, int limit) {
        return db.read(session -> store.after(session, id, limit));
    }

    /// The newest events.
    public List<Event> newest(int limit) {
        return db.read(session -> store.newest(session, limit)).reversed();
    }

    /// The same as [#since], but when there is none yet, waits for one.
    ///
    /// @param within the longest wait; the list is empty when it is over, or when we stop
    public List<Event> await(long id, int limit, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            var latch = next.get();
            var events = since(id, limit);
            long left = deadline - System.nanoTime();
            if (!events.isEmpty() || left <= 0 || closed) {
                return events;
            }
            // Its result does not matter: we look again, and the time left says when to stop.
            boolean _ = latch.await(left, TimeUnit.NANOSECONDS);
        }
    }

    /// Lets go all who wait.
    @Override
    public void close() {
        closed = true;
        wake();
    }

    private void heard(Set<String> keys) {
        keys.forEach(key -> counter.labelValues(key.substring(key.indexOf(' ') + 1)).inc());
        wake();
    }

    private void wake() {
        next.getAndSet(new CountDownLatch(1)).countDown();
    }
}
