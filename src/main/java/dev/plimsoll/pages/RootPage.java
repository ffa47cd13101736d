// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Optional;

/// `/`: a page for people who end up here, be it out of curiosity or because they could not join a meeting.
/// Also answers what no other surface does.
///
/// A join that fails leads to `/?errors=[{"message":…,"key":…}]`. Anybody can write such an address, so only the keys
/// are read: the words are always ours.
public final class RootPage implements Handler {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_ERRORS = 4096;
    private static final String METHODS = "GET, HEAD, OPTIONS";

    @Override
    public String path() {
        return "";
    }

    @Override
    public Response handle(Request request) {
        if (!request.path().equals("/")) {
            return Pages.notice(request, 404, Notice.NOWHERE);
        }
        return switch (request.method()) {
            case "GET", "HEAD" ->
                    Pages.notice(
                            request,
                            Params.parse(request.query())
                                    .find("errors")
                                    .map(RootPage::notice)
                                    .orElse(Notice.WELCOME));
            case "OPTIONS" -> Response.of(204, "", "").with("Allow", METHODS);
            default -> Pages.plain(405, "This page can only be looked at.").with("Allow", METHODS);
        };
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Pages.plain(status, message);
    }

    /// The first error that we have words for.
    static Notice notice(String errors) {
        if (errors.length() > LONGEST_ERRORS) {
            return Notice.UNKNOWN;
        }
        try {
            return JSON.readTree(errors).values().stream()
                    .map(error -> error.path("key"))
                    .filter(JsonNode::isString)
                    .map(key -> Notice.known(key.stringValue()))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElse(Notice.UNKNOWN);
        } catch (JacksonException e) {
            return Notice.UNKNOWN;
        }
    }
}
