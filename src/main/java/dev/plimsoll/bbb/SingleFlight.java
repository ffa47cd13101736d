// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Lets callers who ask the same thing at the same time share one question.
///
/// Nobody gets an answer to a question that was put before they asked: who comes while one is under way waits
/// for the *next* one, with all others who came meanwhile. So a meeting created before a call is always in its
/// answer, and a thousand callers cost one question per round trip.
///
/// Thread-safe. Why it is right: a flight is joined and started only inside `compute` on its key, so no caller
/// can join a flight that has started; the map holds the latest flight of a key, and each waits for the one
/// before it.
public final class SingleFlight<K, V> {

    private static final class Flight<V> {
        final CompletableFuture<V> landed = new CompletableFuture<>();
        volatile @Nullable Flight<V> before; // forgotten once it landed, so that no chain grows
        boolean started; // guarded by compute on the key

        Flight(@Nullable Flight<V> before) {
            this.before = before;
        }
    }

    /// What becomes of a flight whose leader was interrupted before it put the question: those who waited with it
    /// ask anew.
    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    private final ConcurrentHashMap<K, Flight<V>> latest = new ConcurrentHashMap<>();

    /// Puts the question, or waits for the answer to the same question of somebody else.
    ///
    /// @param within the longest wait
    /// @throws TimeoutException when the wait is over
    /// @throws RuntimeException as the question threw it
    public V ask(K key, Duration within, Supplier<V> question)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            try {
                return ask(key, deadline, question);
            } catch (Abandoned e) {
                // Its flight is gone from the map, so this ends: at the latest with us as the
                // leader.
            }
        }
    }

    private V ask(K key, long deadline, Supplier<V> question)
            throws InterruptedException, TimeoutException {
        var created = new CompletableFuture<Flight<V>>();
        var flight =
                latest.compute(
                        key,
                        (_, last) -> {
                            if (last != null && !last.started) {
                                return last;
                            }
                            var mine = new Flight<>(last);
                            created.complete(mine);
                            return mine;
                        });
        if (flight == null) {
            throw new IllegalStateException("compute gave nothing");
        }
        return created.isDone() ? lead(key, flight, deadline, question) : await(flight, deadline);
    }

    /// How many keys have a question under way or waiting; for tests.
    int underWay() {
        return latest.size();
    }

    private V lead(K key, Flight<V> flight, long deadline, Supplier<V> question)
            throws InterruptedException, TimeoutException {
        try {
            var before = flight.before;
            if (before != null) {
                awaitEnd(before, deadline);
                flight.before = null;
            }
            latest.compute(
                    key,
                    (_, last) -> {
                        flight.started = true;
                        return last;
                    });
            V answer = question.get();
            flight.landed.complete(answer);
            return answer;
        } catch (InterruptedException e) {
            leave(key, flight);
            flight.landed.completeExceptionally(new Abandoned());
            throw e;
        } catch (Throwable e) {
            flight.landed.completeExceptionally(e);
            throw e;
        } finally {
            leave(key, flight);
        }
    }

    private void leave(K key, Flight<V> flight) {
        latest.compute(
                key,
                (_, last) -> {
                    flight.started = true; // also when the wait before it was cut short
                    return last == flight ? null : last;
                });
    }

    private static <V> void awaitEnd(Flight<V> before, long deadline) throws InterruptedException {
        try {
            before.landed.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Only its end matters here. One that is late is not waited for: our question is put
            // beside it.
        }
    }

    private static <V> V await(Flight<V> flight, long deadline)
            throws InterruptedException, TimeoutException {
        try {
            return flight.landed.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
