// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

import java.net.URI;
import java.net.URISyntaxException;

/// Sends a browser away with the reason in the address, as `join` does with most errors.
final class ErrorRedirect {

    private ErrorRedirect() {}

    static Response of(Incoming in, Violation violation, String serverUrl) {
        // BBB: the logout address of the join call counts, the meeting's does not
        String target =
                in.params()
                        .filled("errorRedirectUrl")
                        .or(() -> in.params().filled("logoutURL"))
                        .orElse(serverUrl)
                        .replaceAll("%%[A-Z]+%%", "");
        String errors =
                "errors=[{\"message\":\"%s\",\"key\":\"%s\"}]"
                        .formatted(violation.message(), violation.key());
        try {
            var uri = new URI(target);
            String query = uri.getQuery() == null ? errors : uri.getQuery() + "&" + errors;
            // BBB: this constructor's quoting is why brackets, colons and commas stay as they are
            var location =
                    new URI(
                            uri.getScheme(),
                            uri.getAuthority(),
                            uri.getPath(),
                            query,
                            uri.getFragment());
            return Response.redirect(location.toASCIIString()).with("Cache-Control", "no-cache");
        } catch (URISyntaxException e) {
            return Answers.page(500); // BBB: an exception there, too
        }
    }
}
