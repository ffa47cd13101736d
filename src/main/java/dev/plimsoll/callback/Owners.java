// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.tenant.TenantDirectory;
import dev.plimsoll.tenant.TenantId;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whose an event is. No event has two owners, and with several tenants one of which we cannot tell has none: rather
/// nobody hears of it than the wrong one. Thread-safe.
final class Owners {

    // BBB: two hashes and times; the server invents the ids of breakout rooms
    private static final Pattern ROOM = Pattern.compile("[0-9a-f]{40}-[0-9]{13}");

    private final TenantDirectory tenants;
    private final MeetingRegistry meetings;
    private final Recent recent = new Recent();

    Owners(TenantDirectory tenants, MeetingRegistry meetings) {
        this.tenants = tenants;
        this.meetings = meetings;
    }

    private record Known(TenantId tenant, String scopedId) {

        static Known of(Meeting meeting) {
            return new Known(meeting.key().tenant(), meeting.key().scopedId());
        }
    }

    /// The tenant whose hooks may hear of it.
    Optional<TenantId> of(HookEvent event) {
        if (tenants.hasOneTenant()) {
            return Optional.of(tenants.standard().id());
        }
        if (!event.parentId().isEmpty()) {
            return known(event.parentId())
                    .map(parent -> {
                        recent.put(
                                event.internalId(), new Known(parent.tenant(), event.meetingId()));
                        return parent.tenant();
                    });
        }
        return known(event.internalId()).map(Known::tenant).or(() -> byName(event.meetingId()));
    }

    /// The id by which servers name the meeting to frontends, from their own id of it: raw messages may have this one
    /// alone.
    Optional<String> scopedId(String internalId) {
        return known(internalId)
                .map(Known::scopedId)
                .or(() ->
                        tenants.hasOneTenant()
                                ? meetings.find(
                                                new Meeting.Key(
                                                        tenants.standard().id(), internalId))
                                        .map(meeting -> meeting.key().scopedId())
                                : Optional.empty());
    }

    /// Remembers a meeting that is over: what comes later may know but one of its ids.
    void remember(Meeting meeting) {
        recent.put(meeting.internalId(), Known.of(meeting));
    }

    private Optional<Known> known(String internalId) {
        return meetings.knownInternally(internalId)
                .map(Known::of)
                .or(() -> recent.find(internalId));
    }

    private Optional<TenantId> byName(String scopedId) {
        if (scopedId.isEmpty()) {
            return Optional.empty();
        }
        var named = Meeting.Key.ofScoped(scopedId, id -> tenants.find(id).isPresent());
        var plain = new Meeting.Key(TenantId.DEFAULT, scopedId);
        if (meetings.known(named).isEmpty() && meetings.known(plain).isPresent()) {
            return Optional.of(TenantId.DEFAULT);
        }
        return named.tenant().isDefault() && isRoom(named)
                ? Optional.empty()
                : Optional.of(named.tenant());
    }

    private boolean isRoom(Meeting.Key key) {
        return ROOM.matcher(key.meetingId()).matches() && meetings.known(key).isEmpty();
    }

    /// The meetings that ended last, and rooms, by their internal ids. Thread-safe.
    private static final class Recent {

        private static final int MOST = 10_000;

        private final Map<String, Known> ids = new LinkedHashMap<>();

        synchronized void put(String internalId, Known known) {
            ids.put(internalId, known);
            if (ids.size() > MOST) {
                ids.remove(ids.keySet().iterator().next());
            }
        }

        synchronized Optional<Known> find(String internalId) {
            return Optional.ofNullable(ids.get(internalId));
        }
    }
}
