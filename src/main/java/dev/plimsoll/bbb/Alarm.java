// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Rings when a server takes too long; rests while we wait for somebody else.
///
/// Its lock settles who comes first, the end of the time or of the work. It is held for a few assignments only, by the
/// thread of the call and by the timer's, and nothing under it takes another lock but the timer's own.
final class Alarm {

    private final ScheduledExecutorService timer;
    private final long within;
    private final Runnable ring;
    private long left;
    private long since;
    private @Nullable Future<?> pending;
    private boolean rung;

    /// At rest at first.
    Alarm(ScheduledExecutorService timer, Duration within, Runnable ring) {
        this.timer = timer;
        this.within = within.toNanos();
        this.ring = ring;
        this.left = this.within;
    }

    /// Lets the time run, from where it stood.
    synchronized void goOn() {
        if (pending == null) {
            since = System.nanoTime();
            pending = timer.schedule(this::ring, left, TimeUnit.NANOSECONDS);
        }
    }

    /// Lets the time stand still; does nothing when it does.
    synchronized void rest() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
            left -= System.nanoTime() - since;
        }
    }

    /// Gives the whole time once more.
    synchronized void beginAnew() {
        rest();
        left = within;
        goOn();
    }

    synchronized boolean hasRung() {
        return rung;
    }

    private void ring() {
        synchronized (this) {
            if (pending == null || System.nanoTime() - since < left) {
                return; // it was laid to rest in this moment
            }
            rung = true;
        }
        ring.run();
    }
}
