// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Upload;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;

import java.util.List;

/// `insertDocument`: slides for a running meeting, passed on to its server while they arrive. We neither hold them nor
/// look into them.
final class InsertDocumentCall extends NamedCall {

    private final MeetingRegistry meetings;
    private final Forwarding forwarding;
    private final int maxBody;

    InsertDocumentCall(MeetingRegistry meetings, Forwarding forwarding, int maxBody) {
        super("insertDocument", "Puts slides into a running meeting.", Method.POST);
        this.meetings = meetings;
        this.forwarding = forwarding;
        this.maxBody = maxBody;
    }

    @Override
    public Bodies bodies() {
        return Bodies.XML;
    }

    @Override
    public boolean streams() {
        return true;
    }

    @Override
    public List<String> errors() {
        return List.of(
                ApiFault.MISSING_MEETING_ID, ApiFault.INTERNAL_ERROR, ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var body = call.request().stream(maxBody);
        var meeting = meetings.find(call.meetingKey()).filter(Meeting::isConfirmed);
        if (meeting.isEmpty()) {
            return unknown(call.meetingKey().meetingId());
        }
        String type = call.request().header("Content-Type").orElse("");
        return forwarding.upload(
                name(), call, meeting.get(), new Upload(type, body.length(), body::read));
    }

    // BBB: without a messageKey
    private static Reply unknown(String id) {
        return new Reply.Xml(
                XmlWriting.response("FAILED")
                        .leaf("message", "Meeting with id [" + id + "] not found.")
                        .end());
    }
}
