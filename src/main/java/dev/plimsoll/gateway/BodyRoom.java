// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.http.Request;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Room in memory for the bodies of requests: what many callers send at one time must not add up.
///
/// A body costs several times its size while it is read, checked and sent on. Who finds no room waits a little.
/// Thread-safe.
final class BodyRoom {

    private static final int PATIENCE_SECONDS = 10;

    /// A body's place; given back when the request is answered.
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    private final Semaphore kilobytes;
    private final int all;

    /// @param bytes for all bodies together; a larger one gets all of it
    BodyRoom(int bytes) {
        all = Math.max(1, bytes / 1000);
        kilobytes = new Semaphore(all, true);
    }

    /// @param limit the most that is read of it
    /// @throws LimitMet when there is no room in time
    Place take(Request request, int limit) throws InterruptedException {
        if (!request.hasBody()) {
            return () -> {};
        }
        long size = Math.min(limit, request.announcedLength().orElse(limit));
        int needed = Math.clamp(size / 1000 + 1, 1, all);
        if (!kilobytes.tryAcquire(needed, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw LimitMet.busy("bodies", "Too many large requests at one time.");
        }
        return () -> kilobytes.release(needed);
    }
}
