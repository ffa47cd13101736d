// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

/// A request that ended in the middle. Nobody is there to read an answer.
public final class RequestBroken extends RuntimeException {

    private static final long serialVersionUID = 1;

    RequestBroken(String message, Throwable cause) {
        super(message, cause);
    }
}
