// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// A request to the admin API failed; the message is for the operator.
public final class AdminException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    AdminException(String message) {
        this(message, 0);
    }

    AdminException(String message, int status) {
        super(message);
        this.status = status;
    }

    /// The HTTP status of the answer; 0 when there was none.
    public int status() {
        return status;
    }

    /// Whether the instance is away, or has trouble of its own: the same request may do later.
    public boolean mayPass() {
        return status == 0 || status >= 500 || status == 429;
    }
}
