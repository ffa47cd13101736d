// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.RawReply;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.pool.ServerPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// `learningDashboard` and `feedback`: a session token stands in for the checksum. Passed on unsigned, as it comes, to
/// the server that opened the session; a token that we do not know reaches no server.
///
/// Nobody signs these calls, so what comes of them never counts against a server.
final class SessionCall extends NamedCall {

    /// Bytes of a body. BigBlueButton's client sends a few hundred.
    private static final int MAX_BODY = 65_536;

    /// Under way at one time, of each of these calls.
    private static final int MOST = 32;

    private static final String OURS =
            " Only of sessions opened through us with `redirect=false`; see above.";

    private final ServerPool pool;
    private final BbbClient bbb;
    private final Sessions sessions;
    private final Function<String, Reply> unknown;
    private final Semaphore room = new Semaphore(MOST);

    private SessionCall(
            String name,
            String summary,
            Method method,
            ServerPool pool,
            BbbClient bbb,
            Sessions sessions,
            Function<String, Reply> unknown) {
        super(name, summary + OURS, method);
        this.pool = pool;
        this.bbb = bbb;
        this.sessions = sessions;
        this.unknown = unknown;
    }

    static SessionCall learningDashboard(ServerPool pool, BbbClient bbb, Sessions sessions) {
        return new SessionCall(
                "learningDashboard",
                "Tells a moderator who does what in the meeting.",
                Method.GET,
                pool,
                bbb,
                sessions,
                token ->
                        new Reply.Json(
                                GrailsJson.response(
                                        "returncode",
                                        "FAILED",
                                        "message",
                                        "Invalid session token",
                                        "sessionToken",
                                        token)));
    }

    static SessionCall feedback(ServerPool pool, BbbClient bbb, Sessions sessions) {
        return new SessionCall(
                "feedback",
                "Takes what a person says of the meeting.",
                Method.POST,
                pool,
                bbb,
                sessions,
                _ -> {
                    throw new ApiFault(
                            ApiFault.UNSUPPORTED_REQUEST,
                            "This request is not supported: no server of ours is known to have this session.");
                });
    }

    @Override
    public boolean isSigned() {
        return false;
    }

    @Override
    public boolean onlyReads() {
        return methods().contains(Method.GET);
    }

    @Override
    public Bodies bodies() {
        return Bodies.JSON;
    }

    @Override
    public Source answeredFrom() {
        return Source.SESSION;
    }

    @Override
    public List<String> errors() {
        return onlyReads()
                ? List.of(ApiFault.SERVER_UNAVAILABLE)
                : List.of(ApiFault.UNSUPPORTED_REQUEST, ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) {
        String token = token(call.query());
        var server = sessions.serverOf(token).flatMap(pool::find);
        if (server.isEmpty()) {
            return unknown.apply(token);
        }
        if (!server.get().takesJoins()) {
            return silent();
        }
        if (!room.tryAcquire()) {
            throw LimitMet.busy("session-calls", "Too many calls of sessions at one time.");
        }
        try {
            return passed(
                    bbb.unsigned(
                            server.get().endpoint(), forwarded(call), bbb.settings().answer()));
        } finally {
            room.release();
        }
    }

    private ServerCall forwarded(Call call) {
        String query = Params.uriSafe(call.request().query());
        if (onlyReads()) {
            return new ServerCall(name(), query, Optional.empty(), ServerCall.Repeat.SAFE);
        }
        String type = call.request().header("Content-Type").orElse("application/json");
        var body = new ServerCall.Body(type, call.request().body(MAX_BODY));
        return new ServerCall(name(), query, Optional.of(body), ServerCall.Repeat.NEVER);
    }

    /// The one token of the call; empty text when there are several, of which a server might take another than we do.
    private static String token(Params query) {
        var given = new ArrayList<String>();
        for (Params.Param param : query) {
            if (param.name().startsWith("sessionToken")) {
                given.add(param.name().equals("sessionToken") ? param.value() : "");
            }
        }
        return given.size() == 1 ? given.getFirst() : "";
    }

    private static Reply passed(RawReply reply) {
        return switch (reply) {
            case RawReply.Answered(int status, String type, byte[] body)
                    when type.startsWith("application/json") ->
                    new Reply.Raw(status, GrailsJson.TYPE, body);
            // No page of a server's under our address.
            case RawReply.Answered(int status, _, _) -> new Reply.Raw(status, "", new byte[0]);
            case RawReply.Failed _ -> silent();
        };
    }

    private static Reply silent() {
        var fault = ApiFault.serverSilent();
        return new Reply.Json(
                GrailsJson.response(
                        "returncode",
                        "FAILED",
                        "messageKey",
                        fault.messageKey(),
                        "message",
                        fault.text()));
    }
}
