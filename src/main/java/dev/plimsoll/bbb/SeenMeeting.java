// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.Set;

/// A meeting as a server listed it.
///
/// @param meetingId the id the server was given, scoped by us or not
/// @param createTime epoch milliseconds
/// @param users people connected
/// @param listeners those of them who only listen
/// @param voices those of them who may speak
/// @param videos camera streams
/// @param parentId the internal id of the parent of a breakout room, else empty text
public record SeenMeeting(
        String meetingId,
        String internalId,
        long createTime,
        int users,
        int listeners,
        int voices,
        int videos,
        boolean breakout,
        String parentId) {

    /// What is read of a meeting's element. Most of it, its people above all, is not.
    static final Set<String> READ =
            Set.of(
                    "meetingID",
                    "internalMeetingID",
                    "createTime",
                    "participantCount",
                    "listenerCount",
                    "voiceParticipantCount",
                    "videoCount",
                    "isBreakout",
                    "parentMeetingID");

    static SeenMeeting read(Element meeting) {
        return new SeenMeeting(
                meeting.textOf("meetingID"),
                meeting.textOf("internalMeetingID"),
                meeting.numberOf("createTime"),
                count(meeting, "participantCount"),
                count(meeting, "listenerCount"),
                count(meeting, "voiceParticipantCount"),
                count(meeting, "videoCount"),
                meeting.flagOf("isBreakout"),
                meeting.flagOf("isBreakout") ? meeting.textOf("parentMeetingID") : "");
    }

    private static int count(Element meeting, String name) {
        return (int) Math.min(meeting.numberOf(name), 1_000_000);
    }
}
