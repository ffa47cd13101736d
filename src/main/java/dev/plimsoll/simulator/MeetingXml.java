// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.XmlWriting;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/// Writes meetings as the templates of bbb-web do. Called under the lock of [Meetings].
final class MeetingXml {

    // BBB: the format of java.util.Date#toString
    private static final DateTimeFormatter CREATE_DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.US)
                    .withZone(ZoneOffset.UTC);

    /// How long the server takes to confirm a new meeting; until then its start time is 0.
    private static final long CONFIRMED_AFTER = 40;

    private final Meetings meetings;

    MeetingXml(Meetings meetings) {
        this.meetings = meetings;
    }

    /// The answer to `create`; key and message may be empty.
    static byte[] created(Meeting meeting, String messageKey, String message) {
        var plan = meeting.plan;
        return XmlWriting.success()
                .leaf("meetingID", meeting.externalId)
                .leaf("internalMeetingID", meeting.internalId)
                .leaf(
                        "parentMeetingID",
                        plan.breakout()
                                .map(MeetingPlan.Breakout::parentInternalId)
                                .orElse("bbb-none"))
                .leaf("attendeePW", plan.attendeePassword())
                .leaf("moderatorPW", plan.moderatorPassword())
                .leaf("createTime", meeting.createTime)
                .leaf("voiceBridge", plan.voiceBridge())
                .leaf("dialNumber", plan.dialNumber())
                .leaf("createDate", createDate(meeting))
                .leaf("hasUserJoined", false)
                .leaf("duration", plan.duration())
                .leaf("hasBeenForciblyEnded", false)
                .leaf("messageKey", messageKey)
                .leaf("message", message)
                .end();
    }

    /// The answer to `getMeetingInfo`.
    byte[] info(Meeting meeting) {
        var xml = XmlWriting.success();
        write(xml, meeting, Long::toString, User::present);
        return xml.end();
    }

    /// The answer to `getMeetings`.
    byte[] list(Collection<Meeting> all) {
        var xml = XmlWriting.success();
        if (all.isEmpty()) {
            return xml.empty("meetings")
                    .leaf("messageKey", "noMeetings")
                    .leaf("message", "no meetings were found on this server")
                    .end();
        }
        xml.open("meetings");
        for (Meeting meeting : all) {
            xml.open("meeting");
            // BBB: here counts are written in the server's locale, and those who just left are
            // listed, too
            write(xml, meeting, MeetingXml::localised, _ -> true);
            xml.close("meeting");
        }
        return xml.close("meetings").end();
    }

    private static String localised(long count) {
        return count < 1000 ? Long.toString(count) : String.format(Locale.US, "%,d", count);
    }

    private static String createDate(Meeting meeting) {
        return CREATE_DATE.format(Instant.ofEpochMilli(meeting.createTime));
    }

    private void write(
            XmlWriting xml, Meeting meeting, LongFunction<String> number, Predicate<User> listed) {
        var plan = meeting.plan;
        long confirmed = meeting.createTime + CONFIRMED_AFTER;
        xml.leaf("meetingName", plan.name())
                .leaf("meetingID", meeting.externalId)
                .leaf("internalMeetingID", meeting.internalId)
                .leaf("createTime", meeting.createTime)
                .leaf("createDate", createDate(meeting))
                .leaf("voiceBridge", plan.voiceBridge())
                .leaf("dialNumber", plan.dialNumber())
                .leaf("attendeePW", plan.attendeePassword())
                .leaf("moderatorPW", plan.moderatorPassword())
                .leaf("running", meeting.running())
                .leaf("duration", plan.duration())
                .leaf("hasUserJoined", meeting.everJoined)
                .leaf(
                        "recording",
                        plan.record()) // BBB: the flag, not whether it is being recorded now
                .leaf("hasBeenForciblyEnded", false)
                .leaf("startTime", meetings.now() < confirmed ? 0 : confirmed)
                .leaf("endTime", 0)
                .leaf("participantCount", number.apply(meeting.count(User::present)))
                // BBB: these also count people who just left
                .leaf("listenerCount", number.apply(meeting.count(user -> user.listening)))
                .leaf("voiceParticipantCount", number.apply(meeting.count(user -> user.microphone)))
                .leaf("videoCount", number.apply(meeting.count(user -> user.camera)))
                .leaf("maxUsers", plan.maxUsers())
                .leaf(
                        "moderatorCount",
                        number.apply(meeting.count(user -> user.person.role() == Role.MODERATOR)));
        attendees(xml, meeting, listed);
        xml.open("metadata");
        plan.metadata().forEach(xml::leaf);
        xml.close("metadata");
        rooms(xml, meeting, number);
    }

    private static void attendees(XmlWriting xml, Meeting meeting, Predicate<User> listed) {
        xml.open("attendees");
        for (User user : meeting.users()) {
            if (listed.test(user)) {
                xml.open("attendee")
                        .leaf("userID", user.person.externalId())
                        .leaf("fullName", user.person.name())
                        .leaf("role", user.person.role().bbbName)
                        .leaf("isPresenter", user.presenter)
                        .leaf("isListeningOnly", user.listening)
                        .leaf("hasJoinedVoice", user.microphone)
                        .leaf("hasVideo", user.camera)
                        .leaf("clientType", user.person.role().clientType)
                        .open("customdata");
                user.person.customData().forEach(xml::leaf);
                xml.close("customdata").close("attendee");
            }
        }
        xml.close("attendees");
    }

    private void rooms(XmlWriting xml, Meeting meeting, LongFunction<String> number) {
        xml.leaf("isBreakout", meeting.plan.breakout().isPresent());
        meeting.plan
                .breakout()
                .ifPresent(breakout ->
                        xml.leaf("parentMeetingID", breakout.parentInternalId())
                                .leaf("sequence", number.apply(breakout.sequence()))
                                .leaf("freeJoin", breakout.freeJoin()));
        var rooms = meetings.roomsOf(meeting);
        if (!rooms.isEmpty()) {
            xml.open("breakoutRooms");
            rooms.forEach(room -> xml.leaf("breakout", room.externalId));
            xml.close("breakoutRooms");
        }
    }
}
