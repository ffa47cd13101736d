// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import java.util.List;
import java.util.stream.Collectors;

/// `docs/reference/bbb-calls.md`, from the table of calls.
final class CallsPage {

    private static final String HEAD =
            """
            # Calls of the BigBlueButton API

            Made by `plimsoll reference calls` (`make docs`); do not edit. Every call stands below `/bigbluebutton/api/`, with or
            without a slash at its end, and is signed as BigBlueButton wants it: with any of the digests that `checksum.algorithms`
            allows, over the raw query. HEAD is answered where a GET changes nothing. What is sent on keeps its bytes, save for the checksum, which
            we sign anew for the server. Answers of servers, their refusals included, come back word for word.

            Errors are `FAILED` documents with HTTP 200, as BigBlueButton's are. Besides those named below, every call may answer
            `checksumError`, `unsupportedRequest` (a method it does not take, or a call that nobody knows), `unsupportedContentType`
            and `requestTooLarge`. Three come with a status of their own: `requestTooLarge` with 413, 414 or 431 for what the HTTP
            server refuses, `tooManyRequests` with 503 and `Retry-After` when too many requests are under way (`api.max-requests`,
            `api.max-requests-per-caller`), and `internalError` with 500 and an incident id, which the log explains.

            `/bigbluebutton` and `/bigbluebutton/api` tell the version, without a checksum, from memory.

            `learningDashboard` and `feedback` carry a session token instead of a checksum. Only sessions that were opened through us by a
            join with `redirect=false` are known here, the last 20 000 of them and until we restart; all others live between browser and
            server, and their tokens never pass by us. A token that we do not know reaches no server. The server's session cookie is not passed on,
            so BigBlueButton answers `learningDashboard` with `Invalid Session` unless the meeting was created with
            `allowRequestsWithoutSession=true`. A body that is not JSON is left out of what comes back.

            | Call | Methods | Body | Answered from | What we rewrite | Errors of ours | |
            |---|---|---|---|---|---|---|
            """;

    private CallsPage() {}

    static String of(List<ApiCall> calls) {
        var page = new StringBuilder(HEAD);
        for (ApiCall call : calls) {
            page.append(
                    "| `%s` | %s | %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    call.name(),
                                    methods(call),
                                    body(call),
                                    call.answeredFrom().words(),
                                    call.rewrites(),
                                    errors(call),
                                    call.summary()));
        }
        return page.toString();
    }

    private static String methods(ApiCall call) {
        return call.methods().stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
    }

    private static String body(ApiCall call) {
        if (!call.methods().contains(ApiCall.Method.POST)) {
            return "—";
        }
        return switch (call.bodies()) {
            case FORM -> "form";
            case XML -> call.streams() ? "XML, passed on while it arrives" : "XML";
            case FORM_OR_XML -> "form or XML";
            case JSON -> "JSON";
            case MULTIPART -> "multipart";
        };
    }

    private static String errors(ApiCall call) {
        return call.errors().isEmpty()
                ? "—"
                : call.errors().stream()
                        .map(key -> "`" + key + "`")
                        .collect(Collectors.joining(", "));
    }
}
