// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.gateway.ApiCall.Call;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/// The way in which BigBlueButton tells a person that a join failed: a redirect to the frontend with the errors in
/// the query.
final class ErrorRedirect {

    /// A host of letters, those beyond ASCII included.
    private static final Pattern HOST = Pattern.compile("^[A-Za-z]+://([\\p{L}\\p{M}\\p{N}.-]+)");

    private ErrorRedirect() {}

    // BBB: also with redirect=false; the target is errorRedirectUrl (2.7), else logoutURL of the
    // join, else the server
    static Reply to(Call call, String key, String message) {
        String target = target(call).orElseGet(() -> call.request().publicUrl());
        String errors =
                "errors=["
                        + quote("{\"message\":\"" + message + "\",\"key\":\"" + key + "\"}")
                        + "]";
        return new Reply.Redirect(withQuery(target, errors));
    }

    /// Whether the caller says where errors are to go.
    static boolean namesTarget(Call call) {
        return target(call).isPresent();
    }

    /// The caller's own target, if it is a web address: the call is signed, so the frontend vouches for it.
    private static Optional<String> target(Call call) {
        return target(call, "errorRedirectUrl").or(() -> target(call, "logoutURL"));
    }

    private static Optional<String> target(Call call, String name) {
        return call.params().filled(name).flatMap(ErrorRedirect::web);
    }

    /// The address fit for a header, if it is one of the web. One that shows a user's name is none: it only serves
    /// to look like another.
    // BBB: %%tokens%% of welcome texts are blanked
    static Optional<String> web(String text) {
        try {
            var uri = new URI(withPlainHost(text.strip().replaceAll("%%[A-Za-z0-9_]*%%", "")));
            boolean http =
                    "http".equalsIgnoreCase(uri.getScheme())
                            || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null && uri.getRawUserInfo() == null
                    ? Optional.of(uri.toASCIIString())
                    : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// `https://bücher.example/` as it goes over the wire.
    private static String withPlainHost(String text) {
        var host = HOST.matcher(text);
        return host.find()
                ? text.substring(0, host.start(1))
                        + IDN.toASCII(host.group(1))
                        + text.substring(host.end(1))
                : text;
    }

    /// The address with one more parameter, before its fragment.
    static String withQuery(String address, String parameter) {
        int end = address.indexOf('#') < 0 ? address.length() : address.indexOf('#');
        String base = address.substring(0, end);
        return base + (base.contains("?") ? "&" : "?") + parameter + address.substring(end);
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
