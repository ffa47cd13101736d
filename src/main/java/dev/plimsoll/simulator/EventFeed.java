// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Map;

/// Turns what happens to meetings into the events of bbb-webhooks. Under the lock of [Meetings].
final class EventFeed implements MeetingWatcher {

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

    private void tell(
            String id, Meeting meeting, Map<String, Object> attributes, Map<String, Object> raw) {
        webhooks.tell(id, meeting.externalId, attributes, raw, meetings.now());
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
}
