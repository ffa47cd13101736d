// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Response;

/// Responses as bbb-web and the web application below it (Grails) give them.
final class Answers {

    static final String XML = "text/xml;charset=utf-8";
    static final String JSON = "application/json;charset=utf-8";
    static final String HTML = "text/html;charset=utf-8";

    private Answers() {}

    /// A document that may be kept.
    static Response xml(byte[] document) {
        return Response.of(200, XML, document);
    }

    /// A document that must not be cached.
    static Response freshXml(byte[] document) {
        return xml(document).with("Cache-Control", "no-cache");
    }

    static Response failed(String key, String message) {
        return freshXml(XmlWriting.failed(key, message));
    }

    /// An error in the form the caller wants.
    static Response failed(Incoming in, Violations.Violation violation) {
        return switch (in.wanted()) {
            case XML -> failed(violation.key(), violation.message());
            case JSON -> failedJson(violation);
        };
    }

    private static Response failedJson(Violations.Violation violation) {
        var body =
                """
                {
                    "response": {
                        "returncode": "FAILED",
                        "messageKey": "%s",
                        "message": "%s"
                    }
                }\
                """
                        .formatted(violation.key(), violation.message());
        return Response.of(200, JSON, body).with("Cache-Control", "no-cache");
    }

    /// The web application's own page for what is no API answer. BBB: never an XML document.
    static Response page(int status) {
        String title =
                switch (status) {
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    case 413 -> "Content Too Large";
                    case 502 -> "Bad Gateway";
                    case 503 -> "Service Unavailable";
                    case 504 -> "Gateway Timeout";
                    default -> status < 400 ? "Welcome" : "Internal Server Error";
                };
        var body =
                """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>%1$d %2$s</title></head>
                <body><h1>%1$d %2$s</h1></body>
                </html>
                """
                        .formatted(status, title);
        return Response.of(status, HTML, body);
    }
}
