// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// `join`: sends the browser on to the server that runs the meeting. Nothing is proxied.
///
/// Answered from memory: no call to a server, no question to the database. Only `redirect=false` is forwarded, since
/// its caller wants the server's XML.
final class JoinCall implements ApiCall {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final Forwarding forwarding;

    JoinCall(MeetingRegistry meetings, ServerPool pool, Forwarding forwarding) {
        this.meetings = meetings;
        this.pool = pool;
        this.forwarding = forwarding;
    }

    @Override
    public String name() {
        return "join";
    }

    @Override
    public String summary() {
        return "Sends a person into a meeting.";
    }

    @Override
    public Set<Method> methods() {
        // BBB: 2.6.18, 2.7.8 and 3.0 take join by GET only
        return Set.of(Method.GET);
    }

    @Override
    public Source answeredFrom() {
        return Source.MEMORY;
    }

    @Override
    public String rewrites() {
        return "the answer is a redirect to the server's join; with redirect=false the server's XML";
    }

    @Override
    public List<String> errors() {
        return List.of(
                "missingParamFullName",
                ApiFault.MEETING_FORCIBLY_ENDED,
                ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var params = call.params();
        var meeting = params.filled("meetingID").flatMap(_ -> meetings.find(call.meetingKey()));
        if (meeting.isPresent() && !meeting.get().isConfirmed()) {
            meeting = meetings.awaitConfirmed(meeting.get(), PATIENCE);
        }
        if (params.get("fullName", "").isBlank()) {
            return ErrorRedirect.to(call, "missingParamFullName", "You must provide your name");
        }
        if (meeting.isEmpty()) {
            return ErrorRedirect.to(
                    call,
                    ApiFault.MEETING_FORCIBLY_ENDED,
                    "You can not join a meeting that has already been forcibly ended");
        }
        var server = pool.find(meeting.get().server()).filter(Server::takesJoins);
        if (server.isEmpty()) {
            var fault = ApiFault.serverSilent();
            return ErrorRedirect.to(call, fault.messageKey(), fault.text());
        }
        return params.get("redirect", "true").equalsIgnoreCase("true")
                ? new Reply.Redirect(
                        server.get().endpoint().signed(name(), query(params, meeting.get())))
                : passed(forwarding.act(name(), call, meeting.get()));
    }

    // BBB: validation errors are redirects even with redirect=false
    private static Reply passed(ServerReply reply) {
        return reply instanceof ServerReply.Redirected(String location)
                ? new Reply.Redirect(
                        ErrorRedirect.web(location).orElseThrow(ApiFault::serverSilent))
                : Forwarding.pass(reply);
    }

    private static String query(Params params, Meeting meeting) {
        var scoped =
                meeting.key().tenant().isDefault()
                        ? params
                        : params.with("meetingID", meeting.key().scopedId());
        return Params.uriSafe(scoped.query());
    }
}
