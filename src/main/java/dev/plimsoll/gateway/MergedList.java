// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.MeetingsReply;
import dev.plimsoll.bbb.MeetingsReply.Listed;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.tenant.TenantId;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// The meetings of many servers as one list: each meeting once, from the server it is registered on.
///
/// All lists are in memory when they are put together, and more than there is would bring everything else to a halt. So
/// they are bounded together, while they arrive: [#fitting] is thread-safe, all else is one thread's.
final class MergedList {

    private final MeetingRegistry meetings;
    private final AtomicLong left;
    private final Map<String, Entry> list = new LinkedHashMap<>();

    /// @param registered whether the registry has it on the server that listed it
    private record Entry(boolean registered, long createTime, String xml) {

        // The servers did not answer in the same instant: a meeting may have ended on one and begun
        // on another.
        Entry orRather(Entry other) {
            boolean later = other.createTime > createTime;
            return other.registered == registered
                    ? (later ? other : this)
                    : (registered ? this : other);
        }
    }

    /// @param most the bytes that what the servers listed may take together
    MergedList(MeetingRegistry meetings, long most) {
        this.meetings = meetings;
        this.left = new AtomicLong(most);
    }

    /// The same meetings, or none when there is no room for them.
    List<Listed> fitting(List<Listed> listed) {
        long size = listed.stream().mapToLong(meeting -> meeting.xml().length()).sum();
        return left.addAndGet(-size) < 0 ? List.of() : listed;
    }

    /// Whether there was no room for some.
    boolean isTooLong() {
        return left.get() < 0;
    }

    /// Adds what a server listed just now. Left out is a meeting that is registered on another server: a twin
    /// that will be ended.
    void answered(Server server, List<Listed> listed) {
        for (Listed meeting : listed) {
            var registered = registeredOn(meeting.seen());
            if (registered.isEmpty() || registered.get().equals(server.id())) {
                add(meeting.seen(), registered.isPresent(), meeting.xml());
            }
        }
    }

    /// Adds what a silent server is believed to run: of its last list, the meetings that are still registered there
    /// and their breakout rooms; and those created since, from the server's answer to their create.
    void silent(Server server, List<Listed> last) {
        Set<String> running = new HashSet<>();
        Set<String> listed = new HashSet<>();
        var registered = meetings.meetingsOn(server.id());
        registered.stream()
                .filter(MergedList::mayRun)
                .forEach(meeting -> running.add(meeting.internalId()));
        for (Listed meeting : last) {
            var seen = meeting.seen();
            if (running.contains(seen.internalId())
                    || (seen.breakout() && running.contains(seen.parentId()))) {
                add(seen, true, meeting.xml());
                listed.add(seen.internalId());
            }
        }
        for (Meeting meeting : registered) {
            if (mayRun(meeting) && !listed.contains(meeting.internalId())) {
                list.merge(
                        meeting.key().scopedId(),
                        new Entry(
                                true,
                                meeting.createTime(),
                                CreatedMeeting.asListed(meeting, meetings)),
                        Entry::orRather);
            }
        }
    }

    /// One that is lost may run on for those who are in it.
    private static boolean mayRun(Meeting meeting) {
        return meeting.isConfirmed() || (meeting.isLost() && !meeting.internalId().isEmpty());
    }

    byte[] document() {
        return MeetingsReply.write(list.values().stream().map(Entry::xml).toList());
    }

    private void add(SeenMeeting seen, boolean registered, String xml) {
        list.merge(
                seen.meetingId(), new Entry(registered, seen.createTime(), xml), Entry::orRather);
    }

    private Optional<ServerId> registeredOn(SeenMeeting seen) {
        return meetings.known(new Meeting.Key(TenantId.DEFAULT, seen.meetingId()))
                .map(Meeting::server);
    }
}
