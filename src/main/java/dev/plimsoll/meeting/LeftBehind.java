// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Recognises meetings that a server still runs though it was taken out of the pool while they ran, under whatever
/// name it comes back: by the server's own id of the run, which no two runs share. They become strays, which the next
/// poll settles. Thread-safe.
final class LeftBehind {

    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

    private final MeetingRegistry meetings;

    /// The strangers that each server ran at its last poll, so that they cost one question each.
    private final Map<ServerId, Set<String>> strangers = new ConcurrentHashMap<>();

    LeftBehind(MeetingRegistry meetings) {
        this.meetings = meetings;
    }

    /// Looks at all again that no mark was found for.
    void lookAgain() {
        strangers.clear();
    }

    void look(Server server, List<SeenMeeting> seen) {
        var registered =
                meetings.meetingsOn(server.id()).stream()
                        .map(Meeting::internalId)
                        .collect(Collectors.toSet());
        var before = strangers.getOrDefault(server.id(), Set.of());
        var now = new HashSet<String>();
        for (SeenMeeting meeting : seen) {
            if (!registered.contains(meeting.internalId())) {
                if (!before.contains(meeting.internalId())) {
                    look(server, meeting);
                }
                now.add(meeting.internalId());
            }
        }
        strangers.put(server.id(), Set.copyOf(now));
    }

    private void look(Server server, SeenMeeting seen) {
        var key = meetings.keyOf(seen.meetingId());
        var cause =
                meetings.db()
                        .read(session -> meetings.store().left(session, key, seen.internalId()));
        if (cause.isPresent()) {
            mark(server, key, seen, cause.get());
        }
    }

    private void mark(Server server, Meeting.Key key, SeenMeeting seen, Stray.Cause cause) {
        meetings.db()
                .write(tx -> {
                    meetings.store().forgetLeft(tx, key, seen.internalId());
                    meetings.noteStray(
                            tx, server.id(), key, seen.internalId(), cause, meetings.now());
                    return null;
                });
        LOG.atInfo()
                .addKeyValue("server", server.id())
                .addKeyValue("meeting", seen.internalId())
                .log("a server came back with a meeting that it was taken out of the pool with");
    }
}
