// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

/// A request is too much, or comes with too many others. Becomes a `FAILED` document, and counts in
/// `plimsoll_limited_total`.
final class LimitMet extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// BigBlueButton never says it. Proxies and clients understand the status that comes with it.
    static final String TOO_MANY_REQUESTS = "tooManyRequests";

    static final String REQUEST_TOO_LARGE = "requestTooLarge";

    private final String limit;
    private final ApiFault fault;
    private final boolean busy;

    private LimitMet(String limit, ApiFault fault, boolean busy) {
        super(fault.text(), null, false, false);
        this.limit = limit;
        this.fault = fault;
        this.busy = busy;
    }

    /// The request itself is too large, now and later.
    static LimitMet tooLarge(String limit, String message) {
        return new LimitMet(limit, new ApiFault(REQUEST_TOO_LARGE, message), false);
    }

    /// The request has a fault of its own name.
    static LimitMet of(String limit, ApiFault fault) {
        return new LimitMet(limit, fault, false);
    }

    /// The same request may succeed in a moment.
    static LimitMet busy(String limit, String message) {
        return new LimitMet(
                limit,
                new ApiFault(TOO_MANY_REQUESTS, message + " Please try again in a moment."),
                true);
    }

    /// Its name in the metric.
    String limit() {
        return limit;
    }

    ApiFault fault() {
        return fault;
    }

    boolean isBusy() {
        return busy;
    }
}
