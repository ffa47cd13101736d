// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.time.Duration;

/// What came back when we called a BigBlueButton server.
public sealed interface ServerReply {

    /// The server did what was asked.
    record Success(Document document) implements ServerReply {}

    /// The server understood and said no. Passed on to the frontend as it is.
    record Refused(String messageKey, String message, Document document) implements ServerReply {}

    /// The server sends the caller elsewhere.
    // BBB: join answers validation errors by a redirect, even with redirect=false
    record Redirected(String location) implements ServerReply {}

    /// No usable answer. Counts against the server's health.
    record Unreachable(Failure failure, Duration waited, Delivery delivery) implements ServerReply {

        /// In an operator's words, without the address or the query.
        public String reason() {
            return failure.reason();
        }
    }

    /// Whether a server that gave no answer may have done the work all the same.
    enum Delivery {
        /// The call never reached the server.
        NOT_DELIVERED,
        /// Nobody knows.
        UNKNOWN
    }
}
