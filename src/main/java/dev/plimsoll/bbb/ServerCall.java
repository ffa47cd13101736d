// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.Optional;

/// A call that we make to a server.
///
/// @param name as in the URL, such as `getMeetings`
/// @param query the raw query without checksum, fit for a URI
/// @param body sent by POST when present
public record ServerCall(String name, String query, Optional<Body> body, Repeat repeat) {

    /// Whether a call may be sent a second time by itself.
    public enum Repeat {
        /// A read: asking twice changes nothing.
        SAFE,
        /// Changes something, or costs something: sent once.
        NEVER
    }

    /// What is posted with a call, untouched.
    public record Body(String contentType, byte[] bytes) {}

    /// A question that changes nothing.
    public static ServerCall read(String name, Params params) {
        return new ServerCall(name, Params.uriSafe(params.query()), Optional.empty(), Repeat.SAFE);
    }

    /// A call that changes something.
    public static ServerCall act(String name, Params params, Optional<Body> body) {
        return new ServerCall(name, Params.uriSafe(params.query()), body, Repeat.NEVER);
    }
}
