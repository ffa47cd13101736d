// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// Counts the requests under way, in all and per caller, and turns away what is too many: what all callers ask for at
/// one time must not add up, and one of them must not take everything.
///
/// A join passes here, so it is two additions and no lock. Callers are counted in a fixed number of places, chosen by
/// address and a salt: memory stays flat however many come, and nobody can aim at another's place. Two callers of one
/// place share its limit, which is rare and harmless. Thread-safe.
final class InFlight {

    private static final int PLACES = 1 << 14;

    private final int most;
    private final int mostPerCaller;
    private final int salt;
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicIntegerArray callers = new AtomicIntegerArray(PLACES);

    InFlight(int most, int mostPerCaller) {
        this.most = most;
        this.mostPerCaller = mostPerCaller;
        this.salt = System.identityHashCode(this);
    }

    /// A request's way through; closed when it is answered.
    @FunctionalInterface
    interface Passage extends AutoCloseable {
        @Override
        void close();
    }

    /// @throws LimitMet when too many are under way
    Passage enter(String caller) {
        int place = place(caller);
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            throw LimitMet.busy("requests", "Too many requests at one time.");
        }
        if (callers.incrementAndGet(place) > mostPerCaller) {
            leave(place);
            throw LimitMet.busy("requests-per-caller", "Too many requests of yours at one time.");
        }
        return () -> leave(place);
    }

    private void leave(int place) {
        callers.decrementAndGet(place);
        all.decrementAndGet();
    }

    private int place(String caller) {
        int hash = (caller.hashCode() ^ salt) * 0x9E3779B9;
        return hash >>> (Integer.SIZE - 14);
    }
}
