// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/// Turns what happens on a server into the events of bbb-webhooks. Under the lock of [Meetings].
final class EventFeed implements MeetingWatcher, RecordingEvents {

    // BBB: the event hangs on "destroyed", which comes so long after bbb-web forgot the meeting
    private static final long DESTROYED_AFTER = 2_500;

    private final Meetings meetings;
    private final Webhooks webhooks;

    EventFeed(Meetings meetings, Webhooks webhooks) {
        this.meetings = meetings;
        this.webhooks = webhooks;
    }

    @Override
    public void created(Meeting meeting) {
        if (webhooks.silent()) {
            return;
        }
        var plan = meeting.plan;
        var about = ids(meeting);
        about.putAll(
                Answers.fields(
                        "name",
                        plan.name(),
                        "is-breakout",
                        plan.breakout().isPresent(),
                        "parent-id",
                        plan.breakout()
                                .map(MeetingPlan.Breakout::parentInternalId)
                                .orElse("bbb-none"),
                        "duration",
                        plan.duration(),
                        "create-time",
                        meeting.createTime,
                        "create-date",
                        MeetingXml.createDate(meeting),
                        "moderator-pass",
                        plan.moderatorPassword(),
                        "viewer-pass",
                        plan.attendeePassword(),
                        "record",
                        plan.record(),
                        "voice-conf",
                        plan.voiceBridge(),
                        "dial-number",
                        plan.dialNumber(),
                        "max-users",
                        plan.maxUsers(),
                        "metadata",
                        plan.metadata()));
        var attributes = Answers.fields("meeting", about);
        tell("meeting-created", meeting, attributes, RawMessages.created(meeting, meetings.now()));
    }

    @Override
    public void joined(Meeting meeting, User user) {
        if (!webhooks.silent()) {
            var about = ids(user);
            about.putAll(
                    Answers.fields(
                            "name",
                            user.person.name(),
                            "role",
                            user.person.role().bbbName,
                            "presenter",
                            user.presenter,
                            "guest",
                            user.person.guest()));
            if (!user.person.customData().isEmpty()) {
                about.put("userdata", user.person.customData());
            }
            tell(
                    "user-joined",
                    meeting,
                    withUser(meeting, about),
                    RawMessages.joined(meeting, user, meetings.now()));
        }
    }

    @Override
    public void left(Meeting meeting, User user) {
        if (!webhooks.silent()) {
            var about = ids(user);
            about.put("guest", user.person.guest());
            tell(
                    "user-left",
                    meeting,
                    withUser(meeting, about),
                    RawMessages.left(meeting, user, meetings.now()));
        }
    }

    @Override
    public void recordingChanged(Meeting meeting) {
        boolean now = meeting.recorded == Meeting.Recorded.NOW;
        tell(
                now ? "meeting-recording-started" : "meeting-recording-stopped",
                meeting,
                Answers.fields("meeting", ids(meeting)),
                RawMessages.recording(meeting, now, meetings.now()));
    }

    @Override
    public void ended(Meeting meeting) {
        meeting.users().stream().filter(User::present).forEach(user -> left(meeting, user));
        meetings.later(
                DESTROYED_AFTER,
                () -> {
                    tell(
                            "meeting-ended",
                            meeting,
                            Answers.fields("meeting", ids(meeting)),
                            RawMessages.destroyed(meeting, meetings.now()));
                    webhooks.meetingIsOver(meeting.externalId);
                });
    }

    @Override
    public void moved(Recording recording) {
        String id =
                switch (recording.state()) {
                    case PUBLISHED -> "rap-published";
                    case UNPUBLISHED -> "rap-unpublished";
                    default -> "rap-deleted";
                };
        tell(id, recording, attributes(recording), RawMessages.moved(recording, meetings.now()));
    }

    /// Tells the steps that made a recording.
    void made(Recording recording) {
        step(recording, "archive", "");
        step(recording, "sanity", "");
        step(recording, "post-archive", "");
        for (var format : recording.formats()) {
            for (String name :
                    new String[] {"process", "post-process", "publish", "post-publish"}) {
                step(recording, name, format.type());
            }
        }
    }

    private void step(Recording recording, String name, String workflow) {
        if (webhooks.silent()) {
            return;
        }
        var attributes = attributes(recording);
        if (!workflow.isEmpty()) {
            attributes.put("workflow", workflow);
        }
        String started = "rap-" + name + "-started";
        tell(
                started,
                recording,
                attributes,
                RawMessages.step(recording, name + "_started", workflow, meetings.now()));
        var more = new LinkedHashMap<>(attributes);
        more.put("success", true);
        more.put("step-time", 1000);
        if (name.equals("publish")) {
            more.put("recording", about(recording, workflow));
        }
        String ended = "rap-" + name + "-ended";
        tell(
                ended,
                recording,
                more,
                RawMessages.step(recording, name + "_ended", workflow, meetings.now()));
    }

    private static Map<String, Object> about(Recording recording, String workflow) {
        var format =
                recording.formats().stream()
                        .filter(each -> each.type().equals(workflow))
                        .findFirst()
                        .orElseThrow();
        return Answers.fields(
                "name",
                recording.name(),
                "is-breakout",
                recording.breakout().isPresent(),
                "start-time",
                recording.start().toEpochMilli(),
                "end-time",
                recording.end().toEpochMilli(),
                "size",
                format.size(),
                "raw-size",
                recording.rawSize(),
                "metadata",
                recording.allMetadata(),
                "playback",
                Answers.fields(
                        "format",
                        format.type(),
                        "processing_time",
                        format.processing().toMillis(),
                        "duration",
                        format.length().toMillis(),
                        "size",
                        format.size()),
                "download",
                Map.of());
    }

    private void tell(
            String id, Meeting meeting, Map<String, Object> attributes, Map<String, Object> raw) {
        tell(id, meeting.externalId, attributes, raw);
    }

    private void tell(
            String id,
            Recording recording,
            Map<String, Object> attributes,
            Map<String, Object> raw) {
        tell(id, recording.meetingId(), attributes, raw);
    }

    private void tell(
            String id, String meetingId, Map<String, Object> attributes, Map<String, Object> raw) {
        if (webhooks.silent()) {
            return;
        }
        var data =
                Answers.fields(
                        "type",
                        "event",
                        "id",
                        id,
                        "attributes",
                        attributes,
                        "event",
                        Map.of("ts", meetings.now()));
        webhooks.tell(
                new HookEvent(
                        id, meetingId, Json.compact(Map.of("data", data)), Json.compact(raw)));
    }

    private static Map<String, Object> ids(Meeting meeting) {
        return Answers.fields(
                "internal-meeting-id",
                meeting.internalId,
                "external-meeting-id",
                meeting.externalId);
    }

    private static Map<String, Object> ids(User user) {
        return Answers.fields(
                "internal-user-id", user.person.id(),
                "external-user-id", user.person.externalId());
    }

    private static Map<String, Object> withUser(Meeting meeting, Map<String, Object> user) {
        return Answers.fields("meeting", ids(meeting), "user", user);
    }

    private static Map<String, Object> attributes(Recording recording) {
        return Answers.fields(
                "meeting",
                Answers.fields(
                        "internal-meeting-id",
                        recording.recordId(),
                        "external-meeting-id",
                        recording.meetingId()),
                "record-id",
                recording.recordId());
    }
}
