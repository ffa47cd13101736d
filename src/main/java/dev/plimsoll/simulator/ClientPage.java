// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// The page that stands for BigBlueButton's client. Whoever opens it with a session token is in the meeting,
/// until they press Leave or the meeting ends. It looks again every two seconds; when the meeting has ended, it leads to
/// the logoutURL, as BigBlueButton's client does once somebody has pressed OK.
final class ClientPage implements Handler {

    private final String serverName;
    private final Meetings meetings;

    ClientPage(String serverName, Meetings meetings) {
        this.serverName = serverName;
        this.meetings = meetings;
    }

    @Override
    public String path() {
        return "/html5client";
    }

    @Override
    public Response handle(Request request) {
        String token = Params.parse(request.query()).get("sessionToken", "");
        boolean leaves = request.path().equals("/html5client/leave");
        if (!request.method().equals(leaves ? "POST" : "GET")) {
            return refused(405, "", "This page cannot be used like that.");
        }
        return meetings.exclusively(() ->
                meetings.session(token)
                        .map(session -> leaves ? leave(session) : enter(session, token))
                        .or(() -> meetings.wayOut(token).map(this::ended))
                        .orElseGet(
                                () -> refused(404, "", "This session has ended, or never was.")));
    }

    @Override
    public Response refused(int status, String key, String message) {
        return page(status, "No meeting here", "<p role=\"alert\">" + escape(message) + "</p>");
    }

    private Response enter(Meetings.Session session, String token) {
        var user = session.user();
        boolean mustWait = user.person.guestStatus().equals("WAIT");
        if (mustWait && (user.state == User.State.RESERVED || user.state == User.State.WAITING)) {
            user.enter(User.State.WAITING, meetings.now());
            return page(
                    200,
                    session.meeting().plan.name(),
                    "<p role=\"status\">Please wait until a moderator lets you in, then reload this page.</p>");
        }
        if (user.state == User.State.LEAVING) {
            user.state = User.State.ONLINE; // a reload: the server had not noticed yet
        }
        meetings.connect(session.meeting(), user);
        var plan = session.meeting().plan;
        var body =
                """
                <p>You are in <strong>%s</strong> on the simulated server <strong>%s</strong>,
                as <strong>%s</strong> (%s).</p>
                <form method="post" action="/html5client/leave?sessionToken=%s">
                <button type="submit">Leave</button>
                </form>\
                """
                        .formatted(
                                escape(plan.name()),
                                escape(serverName),
                                escape(user.person.name()),
                                user.person.role().bbbName.toLowerCase(Locale.ROOT),
                                escape(Params.encode(token)));
        return page(200, plan.name(), body).with("Refresh", "2");
    }

    private Response ended(String logoutUrl) {
        String over = "<p role=\"status\">The meeting has ended.</p>";
        var page = page(200, "The meeting has ended", over + wayBack(logoutUrl));
        return isWeb(logoutUrl) ? page.with("Refresh", "1; url=" + logoutUrl) : page;
    }

    private Response leave(Meetings.Session session) {
        session.meeting().leave(session.user(), meetings.now());
        String left = "<p role=\"status\">You have left the meeting.</p>";
        return page(200, "You have left", left + wayBack(session.meeting().plan.logoutUrl()));
    }

    private static String wayBack(String url) {
        return isWeb(url)
                ? "<p><a href=\"" + escape(url) + "\">Back to where you came from</a></p>"
                : "";
    }

    private static boolean isWeb(String url) {
        try {
            String scheme = new URI(url).getScheme();
            return "http".equals(scheme) || "https".equals(scheme);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private Response page(int status, String title, String body) {
        var html =
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s – %s</title>
                <style>
                :root { color-scheme: light dark; }
                body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
                button { font: inherit; padding: .5rem 1.5rem; }
                </style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                %s
                </main>
                </body>
                </html>
                """
                        .formatted(escape(title), escape(serverName), escape(title), body);
        return Response.of(status, Answers.HTML, html)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer")
                .with("X-Content-Type-Options", "nosniff")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
