// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.PollListener;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Brings the registry in line with what a server says it runs.
///
/// What a poll may conclude depends on when its question was sent: a meeting confirmed after that may be missing in
/// the answer and is not forgotten. Claims are left alone while their holder may live. Meetings we know nothing of
/// are left alone for ever: somebody else may use the server, too.
public final class Reconciler implements PollListener {

    /// How long a server may take to let a meeting die that it agreed to end.
    private static final Duration DYING = Duration.ofSeconds(15);

    /// How long after a lost answer the meeting may still appear: a server may fetch slides for minutes.
    private static final Duration DOUBT = Duration.ofHours(1);

    // BBB: a meeting that nobody ever joined ends after five minutes
    private static final Duration YOUNG = Duration.ofMinutes(4);

    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    private final MeetingRegistry meetings;
    private final Departure departure;
    private final LostMeetings lost;
    private final OldMeetings old;
    private final Peaks peaks;
    private final Twins twins;
    private final LeftBehind leftBehind;
    private final Clock clock;

    /// When we last looked for what only time settles; which of two polls in one moment does it is all the same.
    private volatile Instant tidied = Instant.EPOCH;

    private final Map<ServerId, LastPoll> lastPolls = new ConcurrentHashMap<>();

    /// What a server ran when it was polled last.
    ///
    /// @param runs the registered meetings
    /// @param inUse those with people in them, by their internal ids
    private record LastPoll(List<Meeting> runs, Set<String> inUse) {
        static final LastPoll NONE = new LastPoll(List.of(), Set.of());
    }

    public Reconciler(
            MeetingRegistry meetings,
            Departure departure,
            LostMeetings lost,
            OldMeetings old,
            ServerPool pool,
            BbbClient bbb,
            Clock clock) {
        this.meetings = meetings;
        this.departure = departure;
        this.lost = lost;
        this.old = old;
        this.peaks = new Peaks(meetings);
        this.twins = new Twins(meetings, pool, bbb);
        this.leftBehind = new LeftBehind(meetings);
        this.clock = clock;
    }

    @Override
    public void polled(Server server, List<SeenMeeting> seen, Instant asked) {
        meetings.settle();
        // The registry keeps milliseconds; within the same one, nobody knows what came first.
        var started = asked.truncatedTo(ChronoUnit.MILLIS);
        Map<String, SeenMeeting> byId = new HashMap<>();
        seen.forEach(meeting -> byId.putIfAbsent(meeting.meetingId(), meeting));
        var registered = meetings.meetingsOn(server.id());
        var poll = new Poll(server, started, hasRestarted(server, registered, byId, started));
        for (Meeting meeting : registered) {
            settle(meeting, Optional.ofNullable(byId.get(meeting.key().scopedId())), poll);
        }
        tidy();
        leftBehind.look(server, seen);
        removeStrays(server, byId, started);
        var runs = runs(server.id(), byId);
        lastPolls.put(server.id(), new LastPoll(List.copyOf(runs.keySet()), inUse(runs)));
        peaks.polled(server.id(), runs);
        old.polled(server, runs, started);
        if (server.admission() == Admission.DRAINING && seen.isEmpty()) {
            departure.finishDrain(server.id());
        }
    }

    /// What runs on a server that is given up is lost already: such a server is not waited for.
    @Override
    public void unanswered(Server server) {
        if (server.admission() == Admission.DRAINING) {
            departure.finishDrainOfOffline(server.id());
        }
    }

    private void tidy() {
        var now = clock.instant();
        if (tidied.plus(TIDY_EVERY).isBefore(now)) {
            tidied = now;
            lost.forgetOld();
            leftBehind.lookAgain();
        }
    }

    /// The registered meetings that the poll saw, now that all is settled.
    private Map<Meeting, SeenMeeting> runs(ServerId server, Map<String, SeenMeeting> byId) {
        Map<Meeting, SeenMeeting> runs = new HashMap<>();
        for (Meeting meeting : meetings.meetingsOn(server)) {
            if (meeting.isConfirmed()) {
                run(meeting, byId).ifPresent(seen -> runs.put(meeting, seen));
            }
        }
        return runs;
    }

    /// Whether the server seems to have lost what it ran, rather than that it all ended: it was failing until this
    /// poll; or several runs have gone, none of the last poll is left, and each was one that BigBlueButton does not end
    /// by itself. What was created since says nothing, be it one of those, made anew by a create.
    /// One that is taken for lost by mistake costs little: it opens anew if somebody comes back to it.
    private boolean hasRestarted(
            Server before,
            List<Meeting> registered,
            Map<String, SeenMeeting> seen,
            Instant started) {
        if (registered.stream().noneMatch(meeting -> isMissing(meeting, seen, started))) {
            return false; // most often so, and nobody asks then
        }
        if (!(before.health() instanceof Health.Online)) {
            return true;
        }
        var last = lastPolls.getOrDefault(before.id(), LastPoll.NONE);
        var ran = last.runs.stream().collect(toMap(Meeting::key, identity()));
        var settled =
                registered.stream()
                        .map(meeting -> ran.getOrDefault(meeting.key(), meeting))
                        .filter(meeting -> isSettled(meeting, started))
                        .toList();
        var gone = settled.stream().filter(meeting -> run(meeting, seen).isEmpty()).toList();
        return gone.size() >= 2
                && gone.stream().allMatch(meeting -> isNotEndedByItself(meeting, last))
                && settled.stream()
                        .filter(meeting -> ran.isEmpty() || ran.containsKey(meeting.key()))
                        .noneMatch(meeting -> run(meeting, seen).isPresent());
    }

    private static boolean isMissing(
            Meeting meeting, Map<String, SeenMeeting> seen, Instant started) {
        return isSettled(meeting, started) && !seen.containsKey(meeting.key().scopedId());
    }

    /// This very run of it, if the server listed it.
    private static Optional<SeenMeeting> run(Meeting meeting, Map<String, SeenMeeting> seen) {
        return Optional.ofNullable(seen.get(meeting.key().scopedId()))
                .filter(now -> now.internalId().equals(meeting.internalId()));
    }

    private boolean isNotEndedByItself(Meeting meeting, LastPoll last) {
        return last.inUse.contains(meeting.internalId())
                || meeting.confirmedAt().plus(YOUNG).isAfter(clock.instant());
    }

    /// By the ids that the registry has in memory anyway.
    private static Set<String> inUse(Map<Meeting, SeenMeeting> runs) {
        return runs.entrySet().stream()
                .filter(run -> run.getValue().users() > 0)
                .map(run -> run.getKey().internalId())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What was confirmed before the question was sent must stand in the answer.
    private static boolean isSettled(Meeting meeting, Instant started) {
        return meeting.isConfirmed() && meeting.confirmedAt().isBefore(started);
    }

    /// @param server as it was before
    private record Poll(Server server, Instant started, boolean restarted) {}

    private void settle(Meeting meeting, Optional<SeenMeeting> seen, Poll poll) {
        switch (meeting.state()) {
            case CONFIRMED -> {
                if (!isSettled(meeting, poll.started)) {
                    return;
                }
                if (seen.isEmpty()) {
                    gone(meeting, poll);
                } else if (!seen.get().internalId().equals(meeting.internalId())) {
                    adopt(meeting, seen.get()); // it ended, and was created anew behind our back
                }
            }
            case LOST ->
                    // To a server out of service nobody is sent, so there it stays lost.
                    seen.filter(_ -> poll.server.admission() != Admission.DISABLED)
                            .filter(run -> isOf(meeting, run))
                            .ifPresentOrElse(
                                    run -> lost.found(meeting, run),
                                    () -> lost.forgetIfOld(meeting));
            case CLAIMED -> {
                if (meeting.claimUntil().isAfter(poll.started)) {
                    return;
                }
                // Its holder died. Either the server got the create, or nobody ever will.
                if (seen.isPresent()) {
                    adopt(meeting, seen.get());
                } else {
                    meetings.release(meeting, Delivery.UNKNOWN);
                }
            }
        }
    }

    private void gone(Meeting meeting, Poll poll) {
        if (poll.restarted) {
            lost.lose(meeting);
        } else {
            meetings.ended(meeting, "gone");
        }
    }

    /// One whose create was given up in doubt has no id of its server yet.
    private static boolean isOf(Meeting lost, SeenMeeting run) {
        return lost.internalId().isEmpty() || lost.internalId().equals(run.internalId());
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
                    twins.end(server, seen.internalId());
                }
            }
            case ANSWER_LOST -> twins.found(server, stray, seen);
        }
    }

    private void drop(Stray stray) {
        meetings.db()
                .write(tx ->
                        meetings.store()
                                .deleteStray(
                                        tx, stray.server(), stray.scopedId(), stray.internalId()));
    }
}
