// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.PollListener;
import dev.plimsoll.pool.Server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings the registry in line with what a server says it runs.
///
/// What a poll may conclude depends on when its question was sent: a meeting confirmed after that may be missing in
/// the answer and is not forgotten. Claims are left alone while their holder may live. Meetings we know nothing of
/// are left alone for ever: somebody else may use the server, too.
public final class Reconciler implements PollListener {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /// How long a server may take to let a meeting die that it agreed to end.
    private static final Duration DYING = Duration.ofSeconds(15);

    /// How long after a lost answer the meeting may still appear: a server may fetch slides for minutes.
    private static final Duration DOUBT = Duration.ofHours(1);

    private final MeetingRegistry meetings;
    private final Departure departure;
    private final BbbClient bbb;
    private final Clock clock;

    public Reconciler(MeetingRegistry meetings, Departure departure, BbbClient bbb, Clock clock) {
        this.meetings = meetings;
        this.departure = departure;
        this.bbb = bbb;
        this.clock = clock;
    }

    @Override
    public void polled(Server server, List<SeenMeeting> seen, Instant asked) {
        // The registry keeps milliseconds; within the same one, nobody knows what came first.
        var started = asked.truncatedTo(ChronoUnit.MILLIS);
        Map<String, SeenMeeting> byId = new HashMap<>();
        seen.forEach(meeting -> byId.putIfAbsent(meeting.meetingId(), meeting));
        for (Meeting meeting : meetings.meetingsOn(server.id())) {
            settle(meeting, Optional.ofNullable(byId.get(meeting.key().scopedId())), started);
        }
        removeStrays(server, byId, started);
        finishDrain(server, seen);
    }

    private void settle(Meeting meeting, Optional<SeenMeeting> seen, Instant started) {
        switch (meeting.state()) {
            case CONFIRMED -> {
                if (!meeting.confirmedAt().isBefore(started)) {
                    return;
                }
                if (seen.isEmpty()) {
                    meetings.ended(meeting, "gone");
                } else if (!seen.get().internalId().equals(meeting.internalId())) {
                    adopt(meeting, seen.get()); // it ended, and was created anew behind our back
                }
            }
            case CLAIMED -> {
                if (meeting.claimUntil().isAfter(started)) {
                    return;
                }
                // Its holder died. Either the server got the create, or nobody ever will.
                if (seen.isPresent()) {
                    adopt(meeting, seen.get());
                } else {
                    meetings.releaseInDoubt(meeting);
                }
            }
        }
    }

    private void adopt(Meeting meeting, SeenMeeting seen) {
        if (!meetings.isDying(meeting.server(), seen.meetingId(), seen.internalId())) {
            var recipe = meetings.recipe(meeting.key());
            recipe.ifPresent(how ->
                    meetings.confirm(meeting, how, seen.internalId(), seen.createTime(), ""));
        }
    }

    private void removeStrays(Server server, Map<String, SeenMeeting> byId, Instant started) {
        var strays = meetings.db().read(session -> meetings.store().strays(session, server.id()));
        var now = clock.instant();
        for (Stray stray : strays) {
            if (!stray.since().isBefore(started)) {
                continue; // noted after the question: what the answer shows may be what was there
                // before
            }
            var seen = Optional.ofNullable(byId.get(stray.scopedId()));
            boolean meant = seen.isPresent() && isMeant(stray, seen.get());
            if (meant && !isOurs(stray)) {
                treat(server, stray, seen.get(), now);
            } else if (isSettled(stray, now)) {
                drop(stray);
            }
        }
    }

    /// What a lost answer may have left on the server has become the registered meeting, or soon will.
    private boolean isOurs(Stray stray) {
        return stray.internalId().isEmpty()
                && meetings.meetingsOn(stray.server()).stream()
                        .anyMatch(meeting -> meeting.key().scopedId().equals(stray.scopedId()));
    }

    private static boolean isMeant(Stray stray, SeenMeeting seen) {
        return stray.internalId().isEmpty() || stray.internalId().equals(seen.internalId());
    }

    private static boolean isSettled(Stray stray, Instant now) {
        var patience = stray.internalId().isEmpty() ? DOUBT : DYING;
        return stray.since().plus(patience).isBefore(now);
    }

    private void treat(Server server, Stray stray, SeenMeeting seen, Instant now) {
        switch (stray.cause()) {
            case ENDED -> {
                if (isSettled(stray, now)) {
                    end(server, seen.internalId());
                }
            }
            case ANSWER_LOST -> {
                if (seen.users() > 0) {
                    LOG.atWarn()
                            .addKeyValue("server", server.id())
                            .log(
                                    "a server runs a meeting that is registered elsewhere, with people in it; left alone");
                } else if (makeDefinite(stray, seen)) {
                    end(server, seen.internalId());
                }
            }
        }
    }

    /// Settles, against a create in the same moment, that this very meeting must go. What made us look for it stays:
    /// the meeting that is there now need not be the one of the lost answer, which may come later.
    private boolean makeDefinite(Stray stray, SeenMeeting seen) {
        return meetings.db()
                .write(tx -> {
                    var store = meetings.store();
                    if (stray.internalId().isEmpty()
                            && store.isRegistered(tx, stray.server(), stray.scopedId())) {
                        return false; // it has become ours in this very moment
                    }
                    store.addStray(
                            tx,
                            new Stray(
                                    stray.server(),
                                    stray.scopedId(),
                                    seen.internalId(),
                                    Stray.Cause.ANSWER_LOST,
                                    clock.instant()));
                    return true;
                });
    }

    private void end(Server server, String internalId) {
        var reply =
                bbb.call(
                        server.endpoint(),
                        // BBB: internal ids are accepted wherever a meeting is named, and name this
                        // very run of it
                        ServerCall.act("end", Params.of("meetingID", internalId), Optional.empty()),
                        bbb.settings().answer());
        LOG.atInfo()
                .addKeyValue("server", server.id())
                .addKeyValue("meeting", internalId)
                .addKeyValue("done", reply instanceof ServerReply.Success)
                .log("ended a meeting that must not run there");
    }

    private void drop(Stray stray) {
        meetings.db()
                .write(tx ->
                        meetings.store()
                                .deleteStray(
                                        tx, stray.server(), stray.scopedId(), stray.internalId()));
    }

    private void finishDrain(Server server, List<SeenMeeting> seen) {
        if (server.admission() == Admission.DRAINING && seen.isEmpty()) {
            departure.finishDrain(server);
        }
    }
}
