// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.RawReply;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.SingleFlight;
import dev.plimsoll.bbb.Upload;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.gateway.ApiCall.Call;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// Sends calls on to the server that runs their meeting. Identical questions at the same time share one call.
final class Forwarding {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

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
                    Failure.late(), within, ServerReply.Delivery.UNKNOWN);
        }
    }

    /// Does what changes something: sent once.
    ServerReply act(String name, Call call, Meeting meeting) {
        var action = ServerCall.act(name, scoped(call.params(), meeting), Optional.empty());
        return observed(serverOf(meeting), meeting, action, bbb.settings().answer());
    }

    /// Joins somebody by a call of ours.
    ServerReply join(Params params, Meeting meeting) {
        var action = ServerCall.act("join", scoped(params, meeting), Optional.empty());
        return observed(serverOf(meeting), meeting, action, bbb.settings().answer());
    }

    /// The same with what is being posted, untouched: passed on while it arrives.
    ///
    /// @throws LimitMet when too many do so at one time, or the server takes no body of that size
    Reply upload(String name, Call call, Meeting meeting, Upload upload) {
        var server = serverOf(meeting);
        var action = ServerCall.act(name, scoped(call.query(), meeting), Optional.empty());
        var reply =
                bbb.upload(server.endpoint(), action, upload, bbb.settings().answer())
                        .orElseThrow(
                                () -> LimitMet.busy("uploads", "Too many uploads at one time."));
        return switch (reply) {
            case RawReply.Answered answered when saysOfTheUpload(answered.status()) ->
                    throw unreadable(answered.status());
            case RawReply.Answered answered ->
                    pass(observed(server, meeting, BbbClient.read(answered)));
            case RawReply.Failed(Failure failure, _) -> {
                pool.failed(server.id(), failure);
                throw ApiFault.serverSilent();
            }
        };
    }

    /// Whether a status tells of what was posted, not of the server.
    // BBB: 500 for broken XML, 404 without presentation; the nginx before it says 413, and 502 to
    // 504
    // when it is down
    private static boolean saysOfTheUpload(int status) {
        return status >= 400 && status <= 500;
    }

    private static RuntimeException unreadable(int status) {
        return status == 413
                ? LimitMet.tooLarge("server-body", "The meeting's server takes no body so large.")
                : new ApiFault(
                        ApiFault.INTERNAL_ERROR,
                        "The meeting's server could not read the body: it must be whole XML with a presentation module.");
    }

    private ServerReply observed(Server server, Meeting meeting, ServerCall call, Duration within) {
        return observed(server, meeting, bbb.call(server.endpoint(), call, within));
    }

    private ServerReply observed(Server server, Meeting meeting, ServerReply reply) {
        switch (reply) {
            case ServerReply.Unreachable(Failure failure, _, _) ->
                    pool.failed(server.id(), failure);
            case ServerReply.Refused(String key, _, _) -> {
                pool.answered(server.id());
                if (key.equals(ApiFault.NOT_FOUND)) {
                    noteGone(meeting);
                }
            }
            case ServerReply.Success _, ServerReply.Redirected _ -> pool.answered(server.id());
        }
        return reply;
    }

    /// Its server does not know the meeting any more: it ended, or the server restarted. Which of them, a poll can
    /// tell that sees all its meetings; without others there is nothing more to see. It was confirmed before we asked;
    /// one that was created anew since is another run, and not forgotten.
    private void noteGone(Meeting meeting) {
        if (!meeting.isConfirmed()) {
            return;
        }
        boolean alone = meetings.meetingsOn(meeting.server()).size() == 1;
        boolean well =
                pool.find(meeting.server())
                        .filter(server -> server.health() instanceof Health.Online)
                        .isPresent();
        if (!alone || !well) {
            pool.askSoon(meeting.server());
        } else {
            try {
                meetings.ended(meeting, "gone");
            } catch (DatabaseAway e) {
                LOG.atDebug().setCause(e).log("an end is not noted; a poll will see it");
            }
        }
    }

    static Params scoped(Params params, Meeting meeting) {
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
