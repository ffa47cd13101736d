// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes who took part in a meeting, as the learning analytics callback tells it. Pure.
final class Analytics {

    private Analytics() {}

    /// @param end in milliseconds
    static String of(Meeting meeting, long end) {
        var data =
                Answers.fields(
                        "metadata",
                        metadata(meeting),
                        "duration",
                        (end - meeting.createTime) / 1000,
                        "start",
                        time(meeting.createTime),
                        "finish",
                        time(end),
                        "attendees",
                        meeting.visitors.values().stream()
                                .map(visitor -> attendee(visitor, end))
                                .toList(),
                        "files",
                        meeting.plan.documents(),
                        "polls",
                        List.of());
        return Json.compact(
                Answers.fields(
                        "version",
                        "1.0",
                        "meeting_id",
                        meeting.externalId,
                        "internal_meeting_id",
                        meeting.internalId,
                        "data",
                        data));
    }

    private static Map<String, Object> metadata(Meeting meeting) {
        var metadata = new TreeMap<String, Object>();
        meeting.plan.metadata().forEach((key, value) -> metadata.put(key.replace('-', '_'), value));
        metadata.keySet().removeIf(key -> key.startsWith("gl_")); // BBB: these are kept from others
        metadata.put("is_breakout", meeting.plan.breakout().isPresent());
        metadata.put("meeting_name", meeting.plan.name());
        return metadata;
    }

    private static Map<String, Object> attendee(Meeting.Visitor visitor, long end) {
        long present = visitor.leaves().stream().mapToLong(Long::longValue).sum();
        present -= visitor.joins().stream().mapToLong(Long::longValue).sum();
        present += end * (visitor.joins().size() - visitor.leaves().size());
        return Answers.fields(
                "ext_user_id",
                visitor.person().externalId(),
                "name",
                visitor.person().name(),
                "moderator",
                visitor.person().role() == Role.MODERATOR,
                "joins",
                visitor.joins().stream().map(Analytics::time).toList(),
                "leaves",
                visitor.leaves().stream().map(Analytics::time).toList(),
                "duration",
                present / 1000,
                "recent_talking_time",
                "",
                "engagement",
                Answers.fields(
                        "chats",
                        0,
                        "talks",
                        0,
                        "raisehand",
                        0,
                        "emojis",
                        0,
                        "poll_votes",
                        0,
                        "talk_time",
                        0),
                "sessions",
                List.of());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
