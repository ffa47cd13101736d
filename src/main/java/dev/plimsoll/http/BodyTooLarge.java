// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

/// A request body longer than its surface allows.
public final class BodyTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1;

    BodyTooLarge(int limit) {
        super("the body is larger than %d bytes".formatted(limit));
    }
}
