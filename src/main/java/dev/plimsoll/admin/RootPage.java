// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

/// `/`: a plain page for people who end up here, be it out of curiosity or because they could not join a meeting.
/// Also answers what no other surface does.
public final class RootPage implements Handler {

    @Override
    public String path() {
        return "";
    }

    @Override
    public Response handle(Request request) {
        if (!request.path().equals("/")) {
            return refused(404, "notFound", "There is no such page.");
        }
        return request.query().contains("errors=")
                ? page(
                        200,
                        "This meeting cannot be joined",
                        "It has ended or has not begun. Please go back to where you came from and try again.")
                : page(
                        200,
                        "Plimsoll",
                        "A load balancer for BigBlueButton. Its API is at /bigbluebutton/api.");
    }

    @Override
    public Response refused(int status, String key, String message) {
        return page(status, "Sorry", message);
    }

    private static Response page(int status, String title, String text) {
        String html =
                """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>%s</title>
                <meta name="viewport" content="width=device-width"></head>
                <body><main><h1>%s</h1><p>%s</p></main></body></html>
                """
                        .formatted(title, title, text);
        return Response.of(status, "text/html;charset=utf-8", html)
                .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .with("X-Content-Type-Options", "nosniff");
    }
}
