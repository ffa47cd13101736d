// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Locale;
import java.util.Map;

/// What goes over the message bus inside a server, for hooks that want it as it is. The fields that receivers look
/// at, not all of the real ones. Pure.
final class RawMessages {

    private RawMessages() {}

    static Map<String, Object> created(Meeting meeting, long now) {
        var props = Answers.fields();
        props.putAll(identity(meeting));
        props.putAll(conditions(meeting.plan));
        return fromSystem("MeetingCreatedEvtMsg", Answers.fields("props", props), now);
    }

    private static Map<String, Object> identity(Meeting meeting) {
        var plan = meeting.plan;
        return Answers.fields(
                "meetingProp",
                Answers.fields(
                        "name",
                        plan.name(),
                        "extId",
                        meeting.externalId,
                        "intId",
                        meeting.internalId,
                        "isBreakout",
                        plan.breakout().isPresent()),
                "durationProps",
                Answers.fields(
                        "duration",
                        plan.duration(),
                        "createdTime",
                        meeting.createTime,
                        "createdDate",
                        MeetingXml.createDate(meeting)));
    }

    private static Map<String, Object> conditions(MeetingPlan plan) {
        return Answers.fields(
                "password",
                Answers.fields(
                        "moderatorPass",
                        plan.moderatorPassword(),
                        "viewerPass",
                        plan.attendeePassword()),
                "recordProp",
                Answers.fields("record", plan.record()),
                "voiceProp",
                Answers.fields(
                        "telVoice",
                        plan.voiceBridge(),
                        "voiceConf",
                        plan.voiceBridge(),
                        "dialNumber",
                        plan.dialNumber()),
                "usersProp",
                Answers.fields("maxUsers", plan.maxUsers(), "guestPolicy", plan.guestPolicy()),
                "metadataProp",
                Answers.fields("metadata", plan.metadata()));
    }

    static Map<String, Object> destroyed(Meeting meeting, long now) {
        return fromSystem(
                "MeetingDestroyedEvtMsg", Answers.fields("meetingId", meeting.internalId), now);
    }

    static Map<String, Object> joined(Meeting meeting, User user, long now) {
        var person = user.person;
        var body =
                Answers.fields(
                        "intId",
                        person.id(),
                        "extId",
                        person.externalId(),
                        "name",
                        person.name(),
                        "role",
                        person.role().bbbName,
                        "guest",
                        person.guest(),
                        "authed",
                        !person.guest(),
                        "guestStatus",
                        person.guestStatus(),
                        "presenter",
                        user.presenter,
                        "clientType",
                        person.role().clientType);
        return fromUser("UserJoinedMeetingEvtMsg", meeting, user, body, now);
    }

    static Map<String, Object> left(Meeting meeting, User user, long now) {
        var body = Answers.fields("intId", user.person.id(), "eject", false);
        return fromUser("UserLeftMeetingEvtMsg", meeting, user, body, now);
    }

    static Map<String, Object> recording(Meeting meeting, boolean recording, long now) {
        return message(
                "RecordingStatusChangedEvtMsg",
                Answers.fields("msgType", "BROADCAST_TO_MEETING", "meetingId", meeting.internalId),
                Answers.fields("meetingId", meeting.internalId),
                Answers.fields("recording", recording),
                now);
    }

    static Map<String, Object> moved(Recording recording, long now) {
        String state = recording.state().text();
        String name =
                state.substring(0, 1).toUpperCase(Locale.ROOT)
                        + state.substring(1)
                        + "RecordingSysMsg";
        return message(
                name,
                Answers.fields("sender", "bbb-web"),
                Map.of(),
                Answers.fields("recordId", recording.recordId()),
                now);
    }

    // BBB: the recording scripts write an older shape
    static Map<String, Object> step(Recording recording, String step, String workflow, long now) {
        var payload =
                Answers.fields(
                        "record_id",
                        recording.recordId(),
                        "meeting_id",
                        recording.recordId(),
                        "external_meeting_id",
                        recording.meetingId());
        if (!workflow.isEmpty()) {
            payload.put("workflow", workflow);
        }
        return Answers.fields(
                "header",
                Answers.fields(
                        "timestamp",
                        now,
                        "name",
                        step.replace('-', '_'),
                        "current_time",
                        now,
                        "version",
                        "0.0.1"),
                "payload",
                payload);
    }

    private static Map<String, Object> fromSystem(String name, Map<String, Object> body, long now) {
        return message(name, Answers.fields("sender", "bbb-apps-akka"), Map.of(), body, now);
    }

    private static Map<String, Object> fromUser(
            String name, Meeting meeting, User user, Map<String, Object> body, long now) {
        var where = Answers.fields("meetingId", meeting.internalId, "userId", user.person.id());
        var routing = Answers.fields("msgType", "BROADCAST_TO_MEETING");
        routing.putAll(where);
        return message(name, routing, where, body, now);
    }

    private static Map<String, Object> message(
            String name,
            Map<String, Object> routing,
            Map<String, Object> header,
            Map<String, Object> body,
            long now) {
        var named = Answers.fields("name", name);
        named.putAll(header);
        return Answers.fields(
                "envelope",
                Answers.fields("name", name, "routing", routing, "timestamp", now),
                "core",
                Answers.fields("header", named, "body", body));
    }
}
