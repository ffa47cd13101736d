// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.gateway.ApiCall.Method;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.util.Optional;

/// The methods of HTTP that ask about a call instead of making it: OPTIONS, and HEAD where a GET would change
/// something.
///
/// HEAD is what link checkers and previews send, and nobody means a meeting to be created, or ended, by them. It is
/// refused there, since an answer without a body could not say that nothing was done.
final class Verbs {

    private Verbs() {}

    /// The answer, if the call need not be made for it.
    static Optional<Response> answer(ApiCall call, Request request) {
        boolean get = call.methods().contains(Method.GET);
        return switch (request.method()) {
            case "OPTIONS" -> Optional.of(bodyless(204, allowed(call)));
            case "HEAD" ->
                    get && !call.onlyReads()
                            ? Optional.of(bodyless(405, allowed(call)))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    /// What may be sent to the call, for a header.
    private static String allowed(ApiCall call) {
        boolean get = call.methods().contains(Method.GET);
        return (get ? "GET, " : "")
                + (get && call.onlyReads() ? "HEAD, " : "")
                + (call.methods().contains(Method.POST) ? "POST, " : "")
                + "OPTIONS";
    }

    static Response bodyless(int status, String allow) {
        return Response.of(status, "", new byte[0]).with("Allow", allow);
    }
}
