// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A meeting as getMeetings lists it, made from its create: for one that no poll has seen yet, on a silent server.
final class CreatedMeeting {

    private static final List<String> COPIED =
            List.of(
                    "createTime",
                    "createDate",
                    "voiceBridge",
                    "dialNumber",
                    "attendeePW",
                    "moderatorPW");
    private static final List<String> ZERO =
            List.of("participantCount", "listenerCount", "voiceParticipantCount", "videoCount");

    private CreatedMeeting() {}

    static String asListed(Meeting meeting, MeetingRegistry meetings) {
        var params =
                meetings.recipe(meeting.key())
                        .map(recipe -> recipe.said())
                        .orElse(dev.plimsoll.bbb.Params.NONE);
        var answer = answer(meetings.createAnswer(meeting.key()));
        var xml =
                XmlWriting.fragment()
                        .open("meeting")
                        .leaf("meetingName", params.get("name", meeting.key().meetingId()))
                        .leaf("meetingID", meeting.key().meetingId())
                        .leaf("internalMeetingID", meeting.internalId());
        COPIED.forEach(name -> answer.child(name).ifPresent(child -> xml.leaf(name, child.text())));
        xml.leaf("running", false)
                .leaf("duration", answer.numberOf("duration"))
                .leaf("hasUserJoined", false)
                .leaf("recording", params.get("record", "false").equals("true"))
                .leaf("hasBeenForciblyEnded", false)
                .leaf("startTime", meeting.createTime())
                .leaf("endTime", 0);
        ZERO.forEach(name -> xml.leaf(name, 0));
        return xml.leaf("maxUsers", 0)
                .leaf("moderatorCount", 0)
                .open("attendees")
                .close("attendees")
                .open("metadata")
                .close("metadata")
                .leaf("isBreakout", false)
                .close("meeting")
                .text();
    }

    private static Element answer(String document) {
        try {
            return XmlReading.parse(document.getBytes(StandardCharsets.UTF_8), XmlLimits.BODY);
        } catch (MalformedXml e) {
            return new Element(
                    "response",
                    Map.of(),
                    "",
                    List.of()); // settled by a poll, without an answer to keep
        }
    }
}
