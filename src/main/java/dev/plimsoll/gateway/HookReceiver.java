// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.callback.Acceptance;
import dev.plimsoll.callback.HookAddress;
import dev.plimsoll.callback.Inbox;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.nio.charset.StandardCharsets;

/// Where the bbb-webhooks of our servers tell us of events. Answers with a status and a word.
public final class HookReceiver implements Handler {

    private static final String TEXT = "text/plain;charset=utf-8";
    private static final String BEARER = "Bearer ";

    /// Bytes of one event; a raw message may hold a whole whiteboard.
    private static final int MAX_EVENT = 4_000_000;

    private final Inbox inbox;

    public HookReceiver(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public String path() {
        return HookAddress.PATH;
    }

    @Override
    public Response handle(Request request) {
        var sender = inbox.sender(request.rawPath());
        if (sender.isEmpty()) {
            return Response.of(404, TEXT, "not found"); // without reading what a stranger sends
        }
        if (!request.method().equals("POST")) {
            return Response.of(405, TEXT, "POST only").with("Allow", "POST");
        }
        String checksum = Params.parse(request.query()).get("checksum", "");
        String bearer =
                request.header("Authorization")
                        .filter(value -> value.startsWith(BEARER))
                        .map(value -> value.substring(BEARER.length()).strip())
                        .orElse("");
        if (checksum.isEmpty() && bearer.isEmpty()) {
            return Response.of(401, TEXT, "unauthorized");
        }
        String form = new String(request.body(MAX_EVENT), StandardCharsets.UTF_8);
        try {
            return said(inbox.accept(sender.get(), checksum, bearer, form));
        } catch (DatabaseAway e) {
            return Response.of(503, TEXT, "the database is away"); // told again later
        }
    }

    private static Response said(Acceptance acceptance) {
        return switch (acceptance) {
            case TAKEN -> Response.of(200, TEXT, "ok");
            case FORGED -> Response.of(401, TEXT, "unauthorized");
            case BROKEN -> Response.of(400, TEXT, "no event");
            case NOT_YET -> Response.of(503, TEXT, "starting");
        };
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Response.of(status, TEXT, message);
    }
}
