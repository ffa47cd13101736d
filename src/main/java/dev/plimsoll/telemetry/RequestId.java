// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// The id of the request that the current thread works for. Log lines carry it, error answers name it, so that
/// an operator finds the one by the other.
public final class RequestId {

    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private final AtomicLong next;

    /// @param first where to begin counting; a number that differs between starts keeps ids apart
    public RequestId(long first) {
        next = new AtomicLong(first);
    }

    /// The current request's id; `-` outside of a request.
    public static String current() {
        return CURRENT.orElse("-");
    }

    /// Runs the work of one request under a fresh id.
    public <T, X extends Throwable> T within(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, HexFormat.of().toHexDigits(next.incrementAndGet(), 10))
                .call(work);
    }
}
