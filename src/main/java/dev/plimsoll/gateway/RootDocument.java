// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

/// The version document at the root of the API; needs no checksum.
final class RootDocument {

    private RootDocument() {}

    static Response answer(Request request) {
        if (request.method().equals("OPTIONS")) {
            return Verbs.bodyless(204, "GET, HEAD, OPTIONS");
        }
        // BBB: 3.0; the request's content type, exactly, and not what it accepts
        boolean json =
                request.header("Content-Type").filter("application/json"::equals).isPresent();
        return (json
                        ? Response.of(200, GrailsJson.TYPE, json())
                        : Response.of(200, "text/xml;charset=utf-8", xml()))
                .with("Cache-Control", "no-cache");
    }

    private static byte[] json() {
        return GrailsJson.response(
                "returncode", "SUCCESS", "version", "2.0", "apiVersion", "2.0", "bbbVersion", "");
    }

    private static byte[] xml() {
        return XmlWriting.success()
                .leaf("version", "2.0")
                .leaf("apiVersion", "2.0")
                .leaf("bbbVersion", "")
                .end();
    }
}
