// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.gateway.ApiCall.Call;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// The way in which BigBlueButton tells a person that a join failed: a redirect to the frontend with the errors in
/// the query.
final class ErrorRedirect {

    private ErrorRedirect() {}

    // BBB: also with redirect=false; the target is errorRedirectUrl (2.7), else logoutURL of the
    // join, else the server
    static Reply to(Call call, String key, String message) {
        String target =
                target(call, "errorRedirectUrl")
                        .or(() -> target(call, "logoutURL"))
                        .orElseGet(() -> call.request().publicUrl());
        String errors =
                "errors=["
                        + quote("{\"message\":\"" + message + "\",\"key\":\"" + key + "\"}")
                        + "]";
        return new Reply.Redirect(target + (target.contains("?") ? "&" : "?") + errors);
    }

    /// The caller's own target, if it is a web address: the call is signed, so the frontend vouches for it.
    private static Optional<String> target(Call call, String name) {
        return call.params()
                .filled(name)
                .map(text -> text.replaceAll("%%[A-Z]+%%", ""))
                .flatMap(ErrorRedirect::web);
    }

    /// The address fit for a header, if it is one of the web.
    static Optional<String> web(String text) {
        try {
            var uri = new URI(text);
            boolean http =
                    "http".equalsIgnoreCase(uri.getScheme())
                            || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null && uri.getFragment() == null
                    ? Optional.of(uri.toASCIIString())
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    // BBB: brackets, colons and commas stay bare, braces, quotes and blanks are encoded
    // (java.net.URI's quoting)
    private static String quote(String text) {
        return text.replace("%", "%25")
                .replace("{", "%7B")
                .replace("}", "%7D")
                .replace("\"", "%22")
                .replace(" ", "%20");
    }
}
