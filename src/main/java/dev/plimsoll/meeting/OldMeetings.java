// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.config.Durations;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Ends meetings that are older than their tenant lets them be, and those in which nobody has been for long.
///
/// Since when a meeting is empty is known from polls that followed each other closely, of a server that was online all
/// the while: what happened while it was silent, nobody knows. A restart begins to count anew. Thread-safe.
public final class OldMeetings {

    private static final Logger LOG = LoggerFactory.getLogger(OldMeetings.class);

    /// Past the age at which its server should have ended a meeting by itself.
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final MeetingRegistry meetings;
    private final BbbClient bbb;
    private final EventLog events;
    private final Duration abandonedAfter;
    private final Clock clock;
    private final Map<ServerId, Watched> watched = new ConcurrentHashMap<>();

    /// What polls of a server have shown.
    ///
    /// @param polledAt when the last of them was answered
    /// @param emptySince since when nobody is in a meeting, by its internal id
    private record Watched(Instant polledAt, Map<String, Instant> emptySince) {}

    private static final Watched NEVER = new Watched(Instant.EPOCH, Map.of());

    /// Why a meeting is ended.
    ///
    /// @param word a short word for the history; with `meeting-` before it, the kind of the event
    /// @param text in an operator's words
    private record Cause(String word, String text) {

        boolean isDoubtful() {
            return word.equals(ABANDONED);
        }
    }

    private static final String TOO_OLD = "too-old";
    private static final String ABANDONED = "abandoned";

    public OldMeetings(
            MeetingRegistry meetings,
            BbbClient bbb,
            EventLog events,
            MeetingSettings settings,
            Clock clock) {
        this.meetings = meetings;
        this.bbb = bbb;
        this.events = events;
        this.abandonedAfter = settings.abandonedAfter();
        this.clock = clock;
    }

    /// @param before the server as it was before the poll
    /// @param runs its confirmed meetings, as the poll saw them
    /// @param started when the poll's question was sent
    void polled(Server before, Map<Meeting, SeenMeeting> runs, Instant started) {
        var now = watch(before, runs, started);
        watched.put(before.id(), now);
        for (var run : runs.entrySet()) {
            var cause = cause(run.getKey(), run.getValue(), now, started);
            // A server that does not answer now is asked again after a later poll.
            if (cause.isPresent() && !end(before, run.getKey(), cause.get())) {
                return;
            }
        }
    }

    private Watched watch(Server before, Map<Meeting, SeenMeeting> runs, Instant started) {
        if (abandonedAfter.isZero()) {
            return NEVER;
        }
        var now = clock.instant();
        var earlier = watched.getOrDefault(before.id(), NEVER);
        boolean closely =
                before.health() instanceof Health.Online
                        && !earlier.polledAt.plus(abandonedAfter.dividedBy(2)).isBefore(started);
        Map<String, Instant> emptySince = new HashMap<>();
        runs.forEach((meeting, seen) -> {
            if (seen.users() == 0) {
                var id = meeting.internalId();
                emptySince.put(id, closely ? earlier.emptySince.getOrDefault(id, now) : now);
            }
        });
        return new Watched(now, emptySince);
    }

    private Optional<Cause> cause(
            Meeting meeting, SeenMeeting seen, Watched server, Instant started) {
        // BBB: breakout rooms end with their parent
        if (seen.breakout() || seen.createTime() == 0) {
            return Optional.empty();
        }
        var age = Duration.between(Instant.ofEpochMilli(seen.createTime()), started);
        var maxAge = meetings.maxAge(meeting.key().tenant());
        if (!maxAge.isZero() && age.compareTo(maxAge.plus(GRACE)) >= 0) {
            return Optional.of(
                    new Cause(
                            TOO_OLD,
                            "ran on server %s for longer than meeting.max-age, %s"
                                    .formatted(meeting.server(), Durations.write(maxAge))));
        }
        var since = Optional.ofNullable(server.emptySince.get(seen.internalId()));
        return since.filter(_ -> !abandonedAfter.isZero() && age.compareTo(abandonedAfter) >= 0)
                .filter(time -> !time.plus(abandonedAfter).isAfter(started))
                .map(_ ->
                        new Cause(
                                ABANDONED,
                                "nobody was in it on server %s for %s"
                                        .formatted(
                                                meeting.server(),
                                                Durations.write(abandonedAfter))));
    }

    /// @return whether the server answered
    private boolean end(Server server, Meeting meeting, Cause cause) {
        if (cause.isDoubtful() && !isStillEmpty(server, meeting)) {
            return true; // the next poll shows more
        }
        // BBB: the internal id names this very run of it
        var call =
                ServerCall.act(
                        "end", Params.of("meetingID", meeting.internalId()), Optional.empty());
        return switch (bbb.call(server.endpoint(), call, bbb.settings().answer())) {
            case ServerReply.Success _ -> {
                meetings.endedByUs(
                        meeting,
                        cause.word,
                        tx ->
                                events.note(
                                        tx,
                                        "meeting-" + cause.word,
                                        meeting.internalId(),
                                        cause.text));
                LOG.atInfo()
                        .addKeyValue("server", server.id())
                        .addKeyValue("meeting", meeting.internalId())
                        .addKeyValue("reason", cause.word)
                        .log("a meeting was ended");
                yield true;
            }
            case ServerReply.Refused _ -> true; // it has just ended there; the next poll sees that
            case ServerReply.Redirected _, ServerReply.Unreachable _ -> false;
        };
    }

    /// Somebody may have come since the poll.
    private boolean isStillEmpty(Server server, Meeting meeting) {
        var question =
                ServerCall.read("getMeetingInfo", Params.of("meetingID", meeting.internalId()));
        return bbb.call(server.endpoint(), question, bbb.settings().answer())
                        instanceof ServerReply.Success(var document)
                && document.root().numberOf("participantCount") == 0;
    }
}
