// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;

import java.util.List;

/// `sendChatMessage`: sent once to the meeting's server.
final class SendChatMessageCall extends NamedCall {

    private static final String NOT_FOUND = "meetingNotFound";

    private final MeetingRegistry meetings;
    private final Forwarding forwarding;

    SendChatMessageCall(MeetingRegistry meetings, Forwarding forwarding) {
        super("sendChatMessage", "Posts a message to a meeting's public chat.", Method.GET);
        this.meetings = meetings;
        this.forwarding = forwarding;
    }

    @Override
    public List<String> errors() {
        return List.of(ApiFault.MISSING_MEETING_ID, NOT_FOUND, ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var meeting = meetings.find(call.meetingKey()).filter(Meeting::isConfirmed);
        return meeting.isPresent()
                ? Forwarding.pass(forwarding.act(name(), call, meeting.get()))
                : new Reply.Xml(XmlWriting.failed(NOT_FOUND, "Meeting not found"));
    }
}
