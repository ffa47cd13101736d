// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A call that does something in one meeting: sent once to its server, body and all.
final class MeetingCall implements ApiCall {

    private final String name;
    private final String summary;
    private final MeetingRegistry meetings;
    private final Forwarding forwarding;
    private final Method method;
    private final Function<String, byte[]> unknown;

    private MeetingCall(
            String name,
            String summary,
            MeetingRegistry meetings,
            Forwarding forwarding,
            Method method,
            Function<String, byte[]> unknown) {
        this.name = name;
        this.summary = summary;
        this.meetings = meetings;
        this.forwarding = forwarding;
        this.method = method;
        this.unknown = unknown;
    }

    static MeetingCall insertDocument(MeetingRegistry meetings, Forwarding forwarding) {
        return new MeetingCall(
                "insertDocument",
                "Puts slides into a running meeting.",
                meetings,
                forwarding,
                Method.POST,
                // BBB: without a messageKey
                id ->
                        XmlWriting.response("FAILED")
                                .leaf("message", "Meeting with id [" + id + "] not found.")
                                .end());
    }

    static MeetingCall sendChatMessage(MeetingRegistry meetings, Forwarding forwarding) {
        return new MeetingCall(
                "sendChatMessage",
                "Posts a message to a meeting's public chat.",
                meetings,
                forwarding,
                Method.GET,
                _ -> XmlWriting.failed("meetingNotFound", "Meeting not found"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public Set<Method> methods() {
        return Set.of(method);
    }

    @Override
    public Bodies bodies() {
        return method == Method.POST ? Bodies.XML : Bodies.FORM;
    }

    @Override
    public List<String> errors() {
        // BBB: insertDocument knows no key for an unknown meeting
        return method == Method.POST
                ? List.of(ApiFault.MISSING_MEETING_ID, ApiFault.SERVER_UNAVAILABLE)
                : List.of(
                        ApiFault.MISSING_MEETING_ID,
                        "meetingNotFound",
                        ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var meeting = meetings.find(call.meetingKey()).filter(Meeting::isConfirmed);
        return meeting.isPresent()
                ? Forwarding.pass(forwarding.act(name, call, meeting.get(), call.body()))
                : new Reply.Xml(unknown.apply(call.meetingKey().meetingId()));
    }
}
