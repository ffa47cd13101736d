// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until a test moves it.
public final class TestClock implements InstantSource {

    private volatile Instant now;

    public TestClock(Instant now) {
        this.now = now;
    }

    /// On the day of the samples.
    public static TestClock standing() {
        return new TestClock(Instant.ofEpochMilli(1_772_546_709_112L));
    }

    @Override
    public Instant instant() {
        return now;
    }

    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }
}
