// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until a test moves it; or one that runs and can be moved on.
public final class TestClock implements InstantSource {

    private volatile Instant now;
    private final long startedAt;
    private final boolean runs;

    public TestClock(Instant now) {
        this(now, false);
    }

    private TestClock(Instant now, boolean runs) {
        this.now = now;
        this.startedAt = System.nanoTime();
        this.runs = runs;
    }

    /// Runs like any clock, from the day of the samples on.
    public static TestClock running() {
        return new TestClock(standing().now, true);
    }

    /// On the day of the samples.
    public static TestClock standing() {
        return new TestClock(Instant.ofEpochMilli(1_772_546_709_112L));
    }

    @Override
    public Instant instant() {
        return runs ? now.plusNanos(System.nanoTime() - startedAt) : now;
    }

    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }
}
