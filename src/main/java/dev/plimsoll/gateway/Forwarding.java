// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.SingleFlight;
import dev.plimsoll.gateway.ApiCall.Call;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// Sends calls on to the server that runs their meeting. Identical questions at the same time share one call.
final class Forwarding {

    private record Question(Meeting.Key meeting, String call, String query) {}

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final SingleFlight<Question, ServerReply> questions = new SingleFlight<>();

    Forwarding(MeetingRegistry meetings, ServerPool pool, BbbClient bbb) {
        this.meetings = meetings;
        this.pool = pool;
        this.bbb = bbb;
    }

    /// The server that the meeting runs on, if calls are sent there.
    ///
    /// @throws ApiFault when it is out of reach
    Server serverOf(Meeting meeting) {
        return pool.find(meeting.server())
                .filter(Server::takesJoins)
                .orElseThrow(ApiFault::serverSilent);
    }

    /// Asks what changes nothing.
    ServerReply ask(String name, Call call, Meeting meeting) throws InterruptedException {
        var server = serverOf(meeting);
        var question = ServerCall.read(name, scoped(call.params(), meeting));
        Duration within = bbb.settings().answer();
        try {
            return questions.ask(
                    new Question(meeting.key(), name, question.query()),
                    within.multipliedBy(2),
                    () -> observed(server, meeting, question, within));
        } catch (TimeoutException e) {
            return new ServerReply.Unreachable(
                    "does not answer in time", within, ServerReply.Delivery.UNKNOWN);
        }
    }

    /// Does what changes something: sent once.
    ServerReply act(String name, Call call, Meeting meeting) {
        return send(
                meeting, ServerCall.act(name, scoped(call.params(), meeting), Optional.empty()));
    }

    /// The same with what was posted, untouched. A server that answers with an error page has not failed: a
    /// caller's documents, or none, make a sound one do so, and must not take it out of the pool.
    ServerReply act(String name, Call call, Meeting meeting, Optional<ServerCall.Body> body) {
        var action = ServerCall.act(name, scoped(call.query(), meeting), body);
        var server = serverOf(meeting);
        return noted(meeting, bbb.call(server.endpoint(), action, bbb.settings().answer()));
    }

    private ServerReply send(Meeting meeting, ServerCall action) {
        var server = serverOf(meeting);
        return observed(server, meeting, action, bbb.settings().answer());
    }

    private ServerReply observed(Server server, Meeting meeting, ServerCall call, Duration within) {
        var reply = bbb.call(server.endpoint(), call, within);
        if (reply instanceof ServerReply.Unreachable(String reason, _, _)) {
            pool.failed(server.id(), reason);
        }
        return noted(meeting, reply);
    }

    private ServerReply noted(Meeting meeting, ServerReply reply) {
        if (reply instanceof ServerReply.Refused(String key, _, _)
                && key.equals(ApiFault.NOT_FOUND)) {
            noteGone(meeting);
        }
        return reply;
    }

    /// Its server does not know the meeting any more: it ended, or the server restarted. It was confirmed before we
    /// asked; one that was created anew since is another run, and not forgotten.
    private void noteGone(Meeting meeting) {
        if (meeting.isConfirmed()) {
            meetings.ended(meeting, "gone");
        }
    }

    private static Params scoped(Params params, Meeting meeting) {
        return meeting.key().tenant().isDefault()
                ? params
                : params.with("meetingID", meeting.key().scopedId());
    }

    /// The reply that passes on what a server said.
    ///
    /// @throws ApiFault when it said nothing usable
    static Reply pass(ServerReply reply) {
        return switch (reply) {
            case ServerReply.Success(var document) -> Reply.Xml.of(document);
            case ServerReply.Refused(_, _, var document) -> Reply.Xml.of(document);
            // BBB: join alone redirects
            case ServerReply.Redirected _, ServerReply.Unreachable _ ->
                    throw ApiFault.serverSilent();
        };
    }
}
