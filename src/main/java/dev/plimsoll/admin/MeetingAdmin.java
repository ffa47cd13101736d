// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.MoveWish;
import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingMoves;
import dev.plimsoll.meeting.MeetingMoves.Move;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.tenant.TenantId;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What operators do with meetings.
public final class MeetingAdmin {

    private final MeetingRegistry meetings;
    private final MeetingMoves moves;
    private final ServerPool pool;
    private final BbbClient bbb;

    public MeetingAdmin(
            MeetingRegistry meetings, MeetingMoves moves, ServerPool pool, BbbClient bbb) {
        this.meetings = meetings;
        this.moves = moves;
        this.pool = pool;
        this.bbb = bbb;
    }

    List<MeetingView> list() {
        var users = new HashMap<ServerId, Map<String, Integer>>();
        return meetings.meetings().stream()
                .sorted(Comparator.comparing(Meeting::claimedAt))
                .map(meeting ->
                        view(meeting, "", users.computeIfAbsent(meeting.server(), this::usersOn)))
                .toList();
    }

    MeetingView show(String id) {
        var meeting = find(id);
        return view(meeting, meetings.why(meeting.key()), usersOn(meeting.server()));
    }

    /// People in each meeting at the server's last poll, by the server's ids.
    private Map<String, Integer> usersOn(ServerId server) {
        var users = new HashMap<String, Integer>();
        pool.lastAnswer(server)
                .meetings()
                .forEach(listed -> users.put(listed.seen().internalId(), listed.seen().users()));
        return users;
    }

    Changed end(String id) {
        var meeting = find(id);
        if (meeting.isLost()) {
            meetings.endedByUs(meeting);
            return new Changed(
                    true,
                    "meeting %s was lost with server %s and is forgotten"
                            .formatted(id, meeting.server()));
        }
        if (!meeting.isConfirmed()) {
            throw AdminProblem.conflict(
                    "meeting %s is being created on server %s; try again in a moment"
                            .formatted(id, meeting.server()));
        }
        var server =
                pool.find(meeting.server())
                        .orElseThrow(() ->
                                AdminProblem.conflict(
                                        "its server " + meeting.server() + " is gone"));
        var call =
                ServerCall.act(
                        "end", Params.of("meetingID", meeting.key().scopedId()), Optional.empty());
        return switch (bbb.call(server.endpoint(), call, bbb.settings().answer())) {
            case ServerReply.Success _ -> {
                meetings.endedByUs(meeting);
                yield new Changed(
                        true, "meeting %s on server %s is ended".formatted(id, server.id()));
            }
            case ServerReply.Refused(String key, _, _) when key.equals("notFound") -> {
                meetings.ended(meeting, "gone");
                yield new Changed(
                        true,
                        "meeting %s had ended on server %s already".formatted(id, server.id()));
            }
            case ServerReply.Refused(_, String message, _) ->
                    throw AdminProblem.conflict(
                            "server %s says: %s".formatted(server.id(), message));
            case ServerReply.Redirected _ ->
                    throw AdminProblem.conflict(
                            "server %s answers with a redirect".formatted(server.id()));
            case ServerReply.Unreachable(Failure failure, _, _) -> {
                pool.failed(server.id(), failure);
                throw AdminProblem.conflict(
                        "server %s %s; nothing was changed".formatted(server.id(), failure));
            }
        };
    }

    Changed move(String id, MoveWish wish) throws InterruptedException {
        var meeting = find(id);
        var to =
                Optional.ofNullable(wish.to())
                        .map(name -> ServerAdmin.valid(() -> new ServerId(name)));
        return switch (moves.move(meeting, to)) {
            case Move.Moved(ServerId from, ServerId there, _) ->
                    new Changed(
                            true,
                            "meeting %s is moved from server %s to %s; %s"
                                    .formatted(id, from, there, MeetingMoves.LEFT_BEHIND));
            case Move.SameServer() ->
                    new Changed(
                            false,
                            "meeting %s runs on server %s already".formatted(id, meeting.server()));
            case Move.UnknownServer() ->
                    throw AdminProblem.notFound("there is no server " + wish.to());
            case Move.NoServer(var why) ->
                    throw AdminProblem.conflict(
                            "no other server can take meeting %s: %s".formatted(id, why.words()));
            case Move.Refused(var answer) ->
                    throw AdminProblem.conflict(
                            "the server that was to take it says: "
                                    + answer.root().textOf("message"));
            case Move.Failed(String reason) ->
                    throw AdminProblem.conflict(
                            "meeting %s stays on server %s: %s"
                                    .formatted(id, meeting.server(), reason));
        };
    }

    private Meeting find(String id) {
        return meetings.find(new Meeting.Key(TenantId.DEFAULT, id))
                .orElseThrow(() ->
                        AdminProblem.notFound(
                                "there is no meeting " + id + "; `meetings list` shows all"));
    }

    private static MeetingView view(Meeting meeting, String why, Map<String, Integer> users) {
        return new MeetingView(
                meeting.key().meetingId(),
                meeting.key().tenant().value(),
                meeting.server().value(),
                meeting.state().name().toLowerCase(Locale.ROOT),
                meeting.internalId(),
                why,
                users.getOrDefault(meeting.internalId(), 0),
                meeting.createTime() == 0
                        ? ""
                        : Instant.ofEpochMilli(meeting.createTime()).toString());
    }
}
