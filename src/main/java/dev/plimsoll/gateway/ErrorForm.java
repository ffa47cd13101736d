// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;
import dev.plimsoll.pages.Notice;
import dev.plimsoll.pages.Pages;
import dev.plimsoll.telemetry.RequestId;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// In which form the sender of a request wants to read an error: XML, as BigBlueButton's and so ours; JSON, if asked
/// for; or a page, for a person who follows a link into a meeting.
record ErrorForm(Kind kind, Request request) {

    enum Kind {
        XML,
        JSON,
        PAGE
    }

    private static final int BEGINNING = 200;

    /// @param call its name; empty for the root
    static ErrorForm of(String call, Request request) {
        String query = request.query();
        if ((call.equals("join") || call.equals("rejoin"))
                && Pages.isBrowser(request)
                && JoinCall.redirects(Params.parse(query))) {
            return new ErrorForm(Kind.PAGE, request);
        }
        boolean json =
                (query.contains("format=json")
                                && Params.parse(query).get("format", "").equals("json"))
                        || asksForJson(request.header("Accept").orElse(""));
        return new ErrorForm(json ? Kind.JSON : Kind.XML, request);
    }

    // Not as BigBlueButton, which writes JSON for axios's `application/json, text/plain, */*`, too:
    // libraries that are built on axios read XML only.
    static boolean asksForJson(String accept) {
        String ranges = accept.toLowerCase(Locale.ROOT);
        if (!ranges.contains("json")) {
            return false; // as nearly everybody
        }
        var types =
                Arrays.stream(ranges.split(","))
                        .map(range -> range.split(";", 2)[0].strip())
                        .toList();
        return types.contains("application/json")
                && types.stream().noneMatch(type -> type.equals("*/*") || type.endsWith("/xml"));
    }

    /// The answer in this form, if it is an error; else the answer as it is. Parses nothing for who reads XML.
    Response fit(Response answer) {
        return switch (kind) {
            case XML -> answer;
            case JSON -> error(answer).map(error -> json(answer, error)).orElse(answer);
            case PAGE -> error(answer).map(error -> page(answer, error)).orElse(answer);
        };
    }

    private static Response json(Response answer, Element error) {
        byte[] document =
                GrailsJson.response(
                        "returncode",
                        "FAILED",
                        "messageKey",
                        error.textOf("messageKey"),
                        "message",
                        error.textOf("message"));
        return new Response(
                answer.status(),
                answer.headers(),
                GrailsJson.TYPE,
                new Response.Body.Bytes(document));
    }

    private Response page(Response answer, Element error) {
        var notice = Notice.of(error.textOf("messageKey"));
        return notice == Notice.BROKEN
                ? Pages.incident(request, answer.status(), RequestId.current())
                : Pages.notice(request, answer.status(), notice);
    }

    /// The error that the answer tells of, if it does in the usual form.
    private static Optional<Element> error(Response answer) {
        if (!(answer.body() instanceof Response.Body.Bytes(byte[] bytes))
                || !answer.contentType().startsWith("text/xml")
                || !beginning(bytes).contains("<returncode>FAILED</returncode>")) {
            return Optional.empty();
        }
        try {
            return Optional.of(XmlReading.parse(bytes, XmlLimits.ANSWER))
                    .filter(document -> !document.textOf("messageKey").isEmpty());
        } catch (MalformedXml e) {
            return Optional.empty(); // a server's own words, which we pass on as they are
        }
    }

    private static String beginning(byte[] document) {
        return new String(
                document, 0, Math.min(BEGINNING, document.length), StandardCharsets.UTF_8);
    }
}
