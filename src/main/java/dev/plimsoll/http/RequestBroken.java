// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

/// A request that ended in the middle. Nobody is there to read an answer.
public final class RequestBroken extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean late;

    RequestBroken(String message, boolean late, Throwable cause) {
        super(message, cause);
        this.late = late;
    }

    /// Whether we had waited as long as we do, rather than that the caller went away.
    boolean isLate() {
        return late;
    }
}
