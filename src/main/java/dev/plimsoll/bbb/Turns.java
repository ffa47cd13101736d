// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets only so many do at the same time what takes memory. A thousand servers may answer in one moment, when we start
/// or when a network comes back, and all their answers at once are more than the heap.
///
/// A turn is waited for, but not for long: servers that send slowly must not keep the others from being read.
/// Thread-safe; a turn is its thread's own.
final class Turns {

    private static final long PATIENCE_MILLIS = 1_000;

    private final Semaphore free;

    Turns(int most) {
        free = new Semaphore(most, true);
    }

    /// Stands in line, and has no turn yet.
    Turn queue() {
        return new Turn();
    }

    /// One's own; given back when it is closed.
    final class Turn implements AutoCloseable {

        private boolean mine;

        /// Waits for it; does nothing when one has it.
        void await() {
            try {
                mine = mine || free.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            if (mine) {
                mine = false;
                free.release();
            }
        }
    }
}
