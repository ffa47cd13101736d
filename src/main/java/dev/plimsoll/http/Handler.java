// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

/// A surface of ours: answers every request below a path. Called on a virtual thread of its own for each request,
/// so it may block; an exception becomes [#refused] with an incident id.
public interface Handler {

    /// The path it answers below, such as `/bigbluebutton`; matches itself and what follows a slash.
    String path();

    /// Answers one request.
    Response handle(Request request) throws Exception;

    /// The answer, in this surface's form, to a request that is refused before or outside [#handle].
    ///
    /// @param status the HTTP status that fits
    /// @param key a short word such as `requestTooLarge`
    Response refused(int status, String key, String message);

    /// The same when the request is at hand, so that the form can follow what its sender reads.
    default Response refused(Request request, int status, String key, String message) {
        return refused(status, key, message);
    }

    /// Hears that a limit cut off one of its requests, or one that never became any.
    default void limited(Limit limit) {}
}
