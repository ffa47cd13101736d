// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Interrupts request threads that wait too long for a caller. Helidon 4.5 sets no timeout for reading a body, whatever
/// its options say; an interrupt closes the connection that a virtual thread reads from. Thread-safe.
final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("http-deadlines").factory());

    Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Begins a stretch of work of the current thread that must end in time; closed when it has.
    Stretch begin(Duration within) {
        var stretch = new Stretch(Thread.currentThread());
        var alarm = timer.schedule(stretch::interrupt, within.toMillis(), TimeUnit.MILLISECONDS);
        stretch.alarm = () -> alarm.cancel(false);
        return stretch;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /// One stretch of work. The lock settles who comes first, the end of the work or the alarm: an interrupt must not
    /// hit what the thread does next.
    static final class Stretch implements AutoCloseable {

        private final Thread thread;
        private Runnable alarm = () -> {};
        private boolean over;

        private Stretch(Thread thread) {
            this.thread = thread;
        }

        private synchronized void interrupt() {
            if (!over) {
                over = true;
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            alarm.run();
            synchronized (this) {
                if (over) {
                    Thread.interrupted(); // ours; what it interrupted has failed by now
                }
                over = true;
            }
        }
    }
}
