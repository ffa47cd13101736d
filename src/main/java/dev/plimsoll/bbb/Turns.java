// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets only so many do at the same time what takes memory. A thousand servers may answer in one moment, when we start
/// or when a network comes back, and all their answers at once are more than the heap.
///
/// Whoever reads for longer than a second, while others wait, loses the turn to the one who has waited so long: servers
/// that send slowly must not keep the others from being read. It reads on, and stands in line once more before it takes
/// apart what it has read; that waits for nobody, and so no turn is lost in it. Thread-safe; a turn is its thread's own.
final class Turns {

    private static final long PATIENCE_MILLIS = 1_000;

    private final Semaphore free;
    private final Queue<Turn> reading = new ArrayDeque<>();

    Turns(int most) {
        free = new Semaphore(most, true);
    }

    /// Stands in line, and has no turn yet.
    Turn queue() {
        return new Turn();
    }

    private boolean isFreeSoon() {
        try {
            return free.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Takes the turn of the one who has been reading for longest, if that is too long.
    private synchronized boolean takesOver() {
        var slowest = reading.peek();
        if (slowest == null || millisSince(slowest.since) < PATIENCE_MILLIS) {
            return false;
        }
        reading.remove();
        slowest.mine = false;
        return true;
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /// One's own; given back when it is closed.
    final class Turn implements AutoCloseable {

        // Both under the lock of all turns: another may take this one.
        private boolean mine;
        private long since;

        /// Waits for it, to read; does nothing when one has it. An interrupt ends the wait.
        void toRead() {
            if (await()) {
                synchronized (Turns.this) {
                    since = System.nanoTime();
                    reading.add(this);
                }
            }
        }

        /// Waits for it, if it was lost, to take apart what was read; it is not lost again.
        void toTakeApart() {
            synchronized (Turns.this) {
                reading.remove(this);
            }
            await();
        }

        /// @return whether it came now
        private boolean await() {
            boolean came = false;
            while (!came && !isMine() && !Thread.currentThread().isInterrupted()) {
                came = isFreeSoon() || takesOver();
            }
            if (came) {
                synchronized (Turns.this) {
                    mine = true;
                }
            }
            return came;
        }

        private boolean isMine() {
            synchronized (Turns.this) {
                return mine;
            }
        }

        @Override
        public void close() {
            synchronized (Turns.this) {
                reading.remove(this);
                if (mine) {
                    mine = false;
                    free.release();
                }
            }
        }
    }
}
