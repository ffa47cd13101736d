// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.meeting.MeetingMoves;
import dev.plimsoll.meeting.MeetingMoves.Move;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.ServerId;

import java.util.List;
import java.util.Optional;

/// `move`: moves a meeting to another server, with the parameters, errors and answers of bbb-loadbalancer.
final class MoveCall extends NamedCall {

    private static final String UNKNOWN_SERVER = "We don't have a server with that server ID";

    private final MeetingRegistry meetings;
    private final MeetingMoves moves;

    MoveCall(MeetingRegistry meetings, MeetingMoves moves) {
        super(
                "move",
                "Moves a running meeting to another server: `meetingID`, and `serverID` if it must be that one.",
                Method.GET);
        this.meetings = meetings;
        this.moves = moves;
    }

    @Override
    public String rewrites() {
        return "the answer is that of the new server to its create; " + MeetingMoves.LEFT_BEHIND;
    }

    @Override
    public List<String> errors() {
        return List.of(
                ApiFault.MISSING_MEETING_ID,
                ApiFault.NOT_FOUND,
                ApiFault.SAME_SERVER,
                ApiFault.INTERNAL_ERROR);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var meeting =
                meetings.find(call.meetingKey())
                        .filter(found -> found.isConfirmed() || found.isLost())
                        .orElseThrow(ApiFault::notFound);
        return switch (moves.move(meeting, target(call))) {
            case Move.Moved(_, _, var answer) -> Reply.Xml.of(answer);
            case Move.Refused(var answer) -> Reply.Xml.of(answer);
            case Move.SameServer() ->
                    throw new ApiFault(
                            ApiFault.SAME_SERVER, "Origin and destination server are the same.");
            case Move.UnknownServer() -> throw new ApiFault(ApiFault.NOT_FOUND, UNKNOWN_SERVER);
            case Move.NoServer _ ->
                    throw new ApiFault(
                            ApiFault.INTERNAL_ERROR, "Could not find any available servers.");
            case Move.Failed(String reason) ->
                    throw new ApiFault(
                            ApiFault.INTERNAL_ERROR, "Unable to move meeting: " + reason + ".");
        };
    }

    private static Optional<ServerId> target(Call call) {
        try {
            return call.params().filled("serverID").map(ServerId::new);
        } catch (IllegalArgumentException e) {
            throw new ApiFault(ApiFault.NOT_FOUND, UNKNOWN_SERVER);
        }
    }
}
