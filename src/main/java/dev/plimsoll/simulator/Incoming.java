// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.http.Request;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One API request, read completely.
///
/// @param query the raw query, since the checksum covers that and nothing else
/// @param params those of the query, then those of a form body
record Incoming(
        String query, Params params, Optional<String> contentType, byte[] body, Wanted wanted) {

    /// The form of an error document.
    enum Wanted {
        XML,
        JSON
    }

    /// Presentations may come within the body.
    private static final int BODY_LIMIT = 20_000_000;

    // BBB: Tomcat's limit for forms
    private static final int FORM_LIMIT = 2_000_000;

    private static final String FORM = "application/x-www-form-urlencoded";

    static Incoming read(Request request) {
        var contentType = request.contentType();
        boolean form = contentType.filter(FORM::equals).isPresent();
        byte[] body = request.body(form ? FORM_LIMIT : BODY_LIMIT);
        var params = Params.parse(request.query());
        if (form) {
            params = params.and(Params.parse(new String(body, StandardCharsets.UTF_8)));
        } else if (contentType.filter("multipart/form-data"::equals).isPresent()) {
            params = params.and(Multipart.fields(request.header("Content-Type").orElse(""), body));
        }
        boolean json =
                request.header("Accept")
                                .filter(accept -> accept.startsWith("application/json"))
                                .isPresent()
                        || params.get("format", "").equals("json");
        return new Incoming(
                request.query(), params, contentType, body, json ? Wanted.JSON : Wanted.XML);
    }

    /// The value as the validator sees it: without control characters and outer blanks.
    Optional<String> clean(String name) {
        return params.find(name).map(value -> value.replaceAll("\\p{Cntrl}", "").strip());
    }
}
