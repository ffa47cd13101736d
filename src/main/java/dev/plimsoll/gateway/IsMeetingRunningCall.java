// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.util.List;

/// `isMeetingRunning`: whether anybody is in the meeting. An unknown meeting is not running; for a silent server its
/// last poll speaks.
final class IsMeetingRunningCall extends NamedCall {

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final Forwarding forwarding;

    IsMeetingRunningCall(MeetingRegistry meetings, ServerPool pool, Forwarding forwarding) {
        super(
                "isMeetingRunning",
                "Tells whether anybody is in a meeting.",
                Method.GET,
                Method.POST);
        this.meetings = meetings;
        this.pool = pool;
        this.forwarding = forwarding;
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public String rewrites() {
        return "for a silent server its last poll speaks, for an unknown meeting we say false";
    }

    @Override
    public List<String> errors() {
        return List.of(ApiFault.MISSING_MEETING_ID);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var meeting =
                meetings.find(call.meetingKey())
                        .filter(found -> found.isConfirmed() || found.isLost());
        if (meeting.isEmpty()) {
            return running("false");
        }
        if (meeting.get().isLost()) {
            return running(lastKnown(meeting.get()));
        }
        if (pool.find(meeting.get().server()).filter(Server::takesJoins).isEmpty()) {
            return running(lastKnown(meeting.get()));
        }
        var reply = forwarding.ask(name(), call, meeting.get());
        return switch (reply) {
            case ServerReply.Success _, ServerReply.Refused _ -> Forwarding.pass(reply);
            case ServerReply.Redirected _, ServerReply.Unreachable _ ->
                    running(lastKnown(meeting.get()));
        };
    }

    private String lastKnown(Meeting meeting) {
        boolean people =
                pool.lastAnswer(meeting.server()).meetings().stream()
                        .anyMatch(listed ->
                                listed.seen().internalId().equals(meeting.internalId())
                                        && listed.seen().users() > 0);
        return Boolean.toString(people);
    }

    private static Reply running(String running) {
        return new Reply.Xml(XmlWriting.success().leaf("running", running).end());
    }
}
