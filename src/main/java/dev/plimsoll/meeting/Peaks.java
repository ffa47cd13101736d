// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.pool.ServerId;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers how many people meetings had at most, since that tells how many the next run will have. Written only when
/// it has grown noticeably, so that a lesson that fills up costs a handful of writes and not one per poll.
final class Peaks {

    private final MeetingRegistry meetings;

    /// What was last written, for each server's meetings by their internal ids. Lost by a restart, after which each
    /// meeting is written once more.
    private final Map<ServerId, Map<String, Integer>> written = new ConcurrentHashMap<>();

    Peaks(MeetingRegistry meetings) {
        this.meetings = meetings;
    }

    /// @param runs the confirmed meetings of the server, as its poll saw them
    void polled(ServerId server, Map<Meeting, SeenMeeting> runs) {
        var before = written.getOrDefault(server, Map.of());
        Map<String, Integer> after = new HashMap<>();
        Map<Meeting, Integer> grown = new HashMap<>();
        runs.forEach((meeting, seen) -> {
            int known = before.getOrDefault(meeting.internalId(), 0);
            boolean more = isNoticeable(known, seen.users());
            if (more || known > 0) {
                after.put(meeting.internalId(), more ? seen.users() : known);
            }
            if (more) {
                grown.put(meeting, seen.users());
            }
        });
        if (!grown.isEmpty()) {
            meetings.db()
                    .write(tx -> {
                        grown.forEach((run, users) -> meetings.store().raisePeak(tx, run, users));
                        return List.of();
                    });
        }
        written.put(server, after);
    }

    static boolean isNoticeable(int known, int users) {
        return users > known * 1.25 + 5;
    }
}
