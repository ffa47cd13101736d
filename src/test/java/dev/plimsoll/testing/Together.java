// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Doing things at the same time, and waiting for what must come: never longer than a deadline.
public final class Together {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Together() {}

    /// Lets so many threads begin in one moment; their results in the order of their numbers.
    public static <T> List<T> all(int count, IntFunction<T> work) {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures =
                    IntStream.range(0, count)
                            .mapToObj(i ->
                                    threads.submit(() -> {
                                        start.await();
                                        return work.apply(i);
                                    }))
                            .toList();
            start.countDown();
            return futures.stream().map(Together::result).toList();
        }
    }

    /// Begins something on a thread of its own.
    public static <T> Future<T> begin(Callable<T> work) {
        var future = new java.util.concurrent.CompletableFuture<T>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        future.complete(work.call());
                    } catch (Throwable e) {
                        future.completeExceptionally(e);
                    }
                });
        return future;
    }

    /// The result of what was begun.
    public static <T> T result(Future<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("what was begun did not end well", e);
        }
    }

    /// Waits for what others do.
    ///
    /// @return true, so that it can be a result
    public static boolean await(CountDownLatch latch) {
        try {
            if (latch.await(20, TimeUnit.SECONDS)) {
                return true;
            }
            throw new AssertionError("what was waited for did not happen");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Waits until something is so.
    public static void until(String what, BooleanSupplier condition) {
        until(what, condition, () -> what);
    }

    /// Waits until something is so.
    ///
    /// @param state what to tell when it does not come so
    public static void until(String what, BooleanSupplier condition, Supplier<String> state) {
        until(what, PATIENCE, condition, state);
    }

    /// Waits until something is so that may take longer on a busy machine, such as the start of a program.
    public static void until(
            String what, Duration patience, BooleanSupplier condition, Supplier<String> state) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "after %s still not so: %s; %s".formatted(patience, what, state.get()));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
