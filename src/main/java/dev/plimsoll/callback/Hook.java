// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.tenant.TenantId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whom a frontend wants to be told of events. `toString` shows the id alone: addresses may hold a receiver's secrets.
///
/// @param madeAt when the frontend asked for it
/// @param leavesAt when its meeting was over: from then on it hears of nothing, and goes when all is delivered
public record Hook(String id, Wish wish, Instant madeAt, Optional<Instant> leavesAt) {

    private static final Duration FIRST_WORDS = Duration.ofMinutes(1);

    /// What the frontend asked for.
    ///
    /// @param meetingId the tenant's own; none for the events of all meetings
    /// @param eventIds in lower case; none for all
    public record Wish(
            TenantId tenant,
            String callbackUrl,
            Optional<String> meetingId,
            List<String> eventIds,
            EventKind kind) {

        public Wish {
            eventIds = List.copyOf(eventIds);
        }

        /// The id under which servers know the meeting.
        Optional<String> scopedMeetingId() {
            return meetingId.map(id -> new Meeting.Key(tenant, id).scopedId());
        }

        @Override
        public String toString() {
            return "a wish of " + tenant;
        }
    }

    boolean isOver(Instant now) {
        return leavesAt.filter(at -> !at.isAfter(now)).isPresent();
    }

    /// Whether it hears of this event.
    ///
    /// @param owner whose event it is
    // BBB: filters by the ids of mapped events, which raw messages do not have
    boolean wants(HookEvent event, TenantId owner) {
        return wish.tenant().equals(owner)
                && wish.kind() == event.kind()
                && (wish.meetingId().isEmpty() || isFor(event.meetingId()))
                && (wish.kind() == EventKind.RAW
                        || wish.eventIds().isEmpty()
                        || wish.eventIds().contains(event.id()));
    }

    /// Whether this event is the end of the one meeting that it was made for.
    boolean endsWith(HookEvent event, TenantId owner) {
        return event.endsMeeting()
                && wish.tenant().equals(owner)
                && wish.kind() == event.kind()
                && isFor(event.meetingId());
    }

    /// Whether it waits for its meeting's first words, which any server may have to say. The server is sure only a
    /// while after the meeting began, and a registration that goes takes along what the server has not told by then.
    ///
    /// @param meeting the one that it was made for, if that is registered
    boolean awaits(Optional<Meeting> meeting, Instant now) {
        if (wish.meetingId().isEmpty() || leavesAt.isPresent()) {
            return false;
        }
        var begun = meeting.filter(Meeting::isConfirmed).map(Meeting::confirmedAt);
        return begun.isEmpty()
                || (!begun.get().isBefore(madeAt) && begun.get().plus(FIRST_WORDS).isAfter(now));
    }

    /// Whether it was made for this meeting alone.
    boolean isFor(String scopedMeetingId) {
        return wish.scopedMeetingId().filter(scopedMeetingId::equals).isPresent();
    }

    @Override
    public String toString() {
        return "hook " + id;
    }
}
