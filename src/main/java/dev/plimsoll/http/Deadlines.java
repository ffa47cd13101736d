// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Interrupts request threads that wait too long for a caller. Helidon 4.5 sets no timeout for reading a body or writing an
/// answer, whatever its options say; an interrupt closes the connection that a virtual thread reads from or writes to.
///
/// Every answer passes here, so a stretch costs no timer of its own: one thread looks at all of them now and then.
/// Thread-safe.
final class Deadlines implements AutoCloseable {

    private static final int LOOK_MILLIS = 100;

    /// Those in use. One thread for all, since a process may run hundreds of simulated servers.
    private static final Set<Deadlines> OPEN = ConcurrentHashMap.newKeySet();

    static {
        var thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("http-deadlines").daemon().factory());
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> OPEN.forEach(Deadlines::look),
                        LOOK_MILLIS,
                        LOOK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private final Set<Stretch> running = ConcurrentHashMap.newKeySet();

    Deadlines() {
        OPEN.add(this);
    }

    private void look() {
        long now = System.nanoTime();
        for (Stretch stretch : running) {
            if (now - stretch.end >= 0) {
                stretch.interrupt();
            }
        }
    }

    /// Begins a stretch of work of the current thread that must end in time; closed when it has.
    Stretch begin(Duration within) {
        var stretch = new Stretch(Thread.currentThread(), System.nanoTime() + within.toNanos());
        running.add(stretch);
        return stretch;
    }

    @Override
    public void close() {
        OPEN.remove(this);
    }

    /// One stretch of work. Its lock, which nobody waits for but in the moment of an alarm, settles who comes first,
    /// the end of the work or the alarm: an interrupt must not hit what the thread does next.
    final class Stretch implements AutoCloseable {

        private final Thread thread;
        private final long end;
        private boolean over;
        private boolean late;

        private Stretch(Thread thread, long end) {
            this.thread = thread;
            this.end = end;
        }

        private synchronized void interrupt() {
            if (!over) {
                over = true;
                late = true;
                thread.interrupt();
            }
        }

        /// Whether it took too long.
        synchronized boolean isLate() {
            return late;
        }

        @Override
        public void close() {
            running.remove(this);
            synchronized (this) {
                if (late) {
                    Thread.interrupted(); // ours; what it interrupted has failed by now
                }
                over = true;
            }
        }
    }
}
