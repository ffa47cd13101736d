// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The meetings of one simulated server, and all that time does to them.
///
/// One lock guards everything, since bbb-web serialises `create` and this costs microseconds: whatever
/// touches meetings runs inside [#exclusively], which first catches up with the clock. So no thread is
/// needed to make a meeting expire: whoever looks next finds it gone. What must happen even if nobody
/// looks (callbacks) is the business of a [Ticker], for which [#due] says when something will happen.
///
/// A user's way: reserved by `join`, online when the client comes, leaving when it goes, left when the
/// audit (each 10 s) sees that 10 s later, purged 60 s after that. A meeting's way: created, then ended
/// by call, by duration, unjoined, or empty; gone from the table `endDelay` after a call, else at once.
final class Meetings {

    private static final long AUDIT_EVERY = 10_000;
    private static final long FIRST_AUDIT = 5_000;
    private static final long PURGE_EVERY = 15_000;
    private static final long LEAVE_GRACE = 10_000;
    private static final long PURGE_AGE = 60_000;
    private static final long RESERVED_FOR = 45_000;
    private static final long MINUTE = 60_000;

    /// A user on whom a session token was bestowed.
    ///
    /// @param cookie the value of `JSESSIONID` that came with it
    record Session(Meeting meeting, User user, String cookie) {}

    /// Something that will happen by itself.
    private record Plan(long due, long order, Runnable work) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final long endDelay;
    private final List<MeetingWatcher> watchers = new ArrayList<>();

    // Sorted, so that a look-up by prefix is one step.
    /// Clients ask within seconds where to go when their meeting has ended.
    private static final int MOST_WAYS_OUT = 10_000;

    private final TreeMap<String, Meeting> byInternalId = new TreeMap<>();
    private final Map<String, List<Meeting>> roomsByParent = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final LinkedHashMap<String, String> waysOut = new LinkedHashMap<>();
    private final ArrayDeque<Meeting> ending = new ArrayDeque<>();
    private final PriorityQueue<Plan> plans =
            new PriorityQueue<>(Comparator.comparingLong(Plan::due).thenComparingLong(Plan::order));
    private long planned;
    private long now;
    private long nextAudit;
    private long nextPurge;
    private long createAfter;
    private volatile long due = Long.MAX_VALUE;

    Meetings(InstantSource clock, long endDelay) {
        this.clock = clock;
        this.endDelay = endDelay;
        now = clock.millis();
        nextAudit = now + FIRST_AUDIT;
        nextPurge = now + PURGE_EVERY;
    }

    /// Tells somebody else, too; only while the server is being built.
    void watch(MeetingWatcher watcher) {
        watchers.add(watcher);
    }

    /// Does something with the meetings as they are now, alone.
    <T> T exclusively(Supplier<T> work) {
        lock.lock();
        try {
            catchUp();
            T result = work.get();
            due = nextDue();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /// When something will happen by itself, in milliseconds; for ever when nothing will.
    long due() {
        return due;
    }

    long now() {
        return now;
    }

    Collection<Meeting> all() {
        return byInternalId.values();
    }

    /// The meeting that this text may mean.
    Optional<Meeting> find(String id) {
        // BBB: any prefix of an internal id finds the meeting, and the empty text finds some
        // meeting
        return withPrefix(id).or(() -> withPrefix(sha1(id)));
    }

    Optional<Meeting> findByExternalId(String id) {
        return withPrefix(sha1(id));
    }

    private Optional<Meeting> withPrefix(String prefix) {
        return Optional.ofNullable(byInternalId.ceilingEntry(prefix))
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(Map.Entry::getValue);
    }

    Optional<Meeting> findExactly(String internalId) {
        return Optional.ofNullable(byInternalId.get(internalId));
    }

    boolean voiceTaken(MeetingPlan plan) {
        return all().stream()
                .anyMatch(other ->
                        other.plan.voiceBridge().equals(plan.voiceBridge())
                                || other.plan.webVoice().equals(plan.webVoice()));
    }

    Meeting add(MeetingPlan plan) {
        long createTime = Math.max(now, createAfter);
        String externalId = plan.meetingId();
        String internalId = sha1(externalId) + "-" + createTime;
        if (plan.breakout().isPresent()) {
            // BBB: for a breakout room the given id is the internal one
            var breakout = plan.breakout().get();
            int dash = plan.meetingId().indexOf('-');
            String stamp =
                    dash < 0 ? Long.toString(createTime) : plan.meetingId().substring(dash + 1);
            internalId = plan.meetingId();
            externalId =
                    sha1(breakout.parentInternalId() + "-" + stamp + "-" + breakout.sequence())
                            + "-"
                            + stamp;
        }
        var meeting = new Meeting(plan, externalId, internalId, createTime);
        put(meeting);
        watchers.forEach(watcher -> watcher.created(meeting));
        return meeting;
    }

    void put(Meeting meeting) {
        byInternalId.put(meeting.internalId, meeting);
        meeting.plan
                .breakout()
                .ifPresent(breakout ->
                        roomsByParent
                                .computeIfAbsent(
                                        breakout.parentInternalId(), _ -> new ArrayList<>())
                                .add(meeting));
    }

    /// Does something after so many milliseconds, under the lock. Even at once is after what runs now.
    void later(long delay, Runnable work) {
        plans.add(new Plan(now + delay, planned++, work));
    }

    /// The client of a user has arrived.
    void connect(Meeting meeting, User user) {
        if (meeting.connect(user, now)) {
            watchers.forEach(watcher -> watcher.joined(meeting, user));
            if (meeting.plan.recordsFromStart() && !meeting.everRecorded) {
                recordNow(meeting, Meeting.Recorded.NOW);
            }
        }
    }

    /// Begins or ends the recording of a meeting that may be recorded.
    void recordNow(Meeting meeting, Meeting.Recorded recorded) {
        if (meeting.plan.record() && meeting.recorded != recorded) {
            meeting.recorded = recorded;
            meeting.everRecorded = true;
            watchers.forEach(watcher -> watcher.recordingChanged(meeting));
        }
    }

    /// The breakout rooms of a meeting.
    List<Meeting> roomsOf(Meeting parent) {
        return List.copyOf(roomsByParent.getOrDefault(parent.internalId, List.of()));
    }

    void reserve(String sessionToken, Session session) {
        sessions.put(sessionToken, session);
    }

    void forget(String sessionToken) {
        sessions.remove(sessionToken);
    }

    Optional<Session> session(String token) {
        return Optional.ofNullable(sessions.get(token));
    }

    /// Where a client goes whose meeting has ended; empty when there was no such session lately.
    Optional<String> wayOut(String token) {
        return Optional.ofNullable(waysOut.get(token));
    }

    Collection<Session> sessions() {
        return sessions.values();
    }

    /// Somebody who is in a meeting or has a session for it.
    Optional<User> userOf(Meeting meeting, String userId) {
        return Stream.concat(
                        meeting.users().stream(),
                        sessions.values().stream()
                                .filter(session -> session.meeting() == meeting)
                                .map(Session::user))
                .filter(user -> user.person.id().equals(userId))
                .findFirst();
    }

    /// Guests of a meeting who are in the lobby.
    List<User> waitingIn(Meeting meeting) {
        return sessions.values().stream()
                .filter(session ->
                        session.meeting() == meeting && session.user().state == User.State.WAITING)
                .map(Session::user)
                .toList();
    }

    /// Ends the meeting soon, as the `end` call does. A second time changes nothing.
    void askToEnd(Meeting meeting) {
        if (meeting.endingAt == 0) {
            meeting.endingAt = now + endDelay;
            ending.add(meeting);
        }
    }

    /// Ends the meeting and its breakout rooms at once.
    void end(Meeting meeting) {
        if (byInternalId.remove(meeting.internalId) == null) {
            return;
        }
        sessions.forEach((token, session) -> {
            if (session.meeting() == meeting) {
                waysOut.put(token, meeting.plan.logoutUrl());
            }
        });
        while (waysOut.size() > MOST_WAYS_OUT) {
            waysOut.pollFirstEntry();
        }
        sessions.values().removeIf(session -> session.meeting() == meeting);
        meeting.plan
                .breakout()
                .map(breakout -> roomsByParent.get(breakout.parentInternalId()))
                .ifPresent(rooms -> rooms.remove(meeting));
        roomsOf(meeting).forEach(this::end);
        roomsByParent.remove(meeting.internalId);
        watchers.forEach(watcher -> watcher.ended(meeting));
    }

    /// Forgets all meetings without a word to anybody, as a crash does.
    void lose() {
        createAfter =
                all().stream()
                        .mapToLong(meeting -> meeting.createTime + 1)
                        .max()
                        .orElse(createAfter);
        byInternalId.clear();
        roomsByParent.clear();
        sessions.clear();
        ending.clear();
    }

    private void catchUp() {
        now = clock.millis();
        long target = now;
        for (long next = nextDue(); next <= target; next = nextDue()) {
            now = next;
            step();
        }
        now = target;
        if (byInternalId.isEmpty()) {
            // Nothing to look at: leap over the audits of the idle time.
            nextAudit = after(nextAudit, AUDIT_EVERY);
            nextPurge = after(nextPurge, PURGE_EVERY);
        }
    }

    /// The first of the regular times that is still to come.
    private long after(long next, long every) {
        return next > now ? next : next + ((now - next) / every + 1) * every;
    }

    private long nextDue() {
        long next = plans.isEmpty() ? Long.MAX_VALUE : plans.element().due();
        if (byInternalId.isEmpty()) {
            return next;
        }
        next = Math.min(next, Math.min(nextAudit, nextPurge));
        return ending.isEmpty() ? next : Math.min(next, ending.getFirst().endingAt);
    }

    private void step() {
        while (!plans.isEmpty() && plans.element().due() <= now) {
            plans.remove().work().run();
        }
        while (!ending.isEmpty() && ending.getFirst().endingAt <= now) {
            end(ending.removeFirst());
        }
        if (nextAudit <= now) {
            nextAudit += AUDIT_EVERY;
            audit();
        }
        if (nextPurge <= now) {
            nextPurge += PURGE_EVERY;
            all().forEach(meeting -> meeting.purge(PURGE_AGE, now));
        }
    }

    private void audit() {
        sessions.values()
                .removeIf(session ->
                        session.user().state == User.State.RESERVED
                                && now - session.user().since >= RESERVED_FOR);
        for (Meeting meeting : List.copyOf(all())) {
            for (User user : meeting.countOut(LEAVE_GRACE, now)) {
                watchers.forEach(watcher -> watcher.left(meeting, user));
            }
            if (hasExpired(meeting)) {
                end(meeting);
            }
        }
    }

    private boolean hasExpired(Meeting meeting) {
        var plan = meeting.plan;
        if (plan.duration() > 0 && now - meeting.createTime >= plan.duration() * MINUTE) {
            return true;
        }
        if (plan.breakout().isPresent()) {
            return false; // BBB: only the clock, the parent or a call ends a breakout room
        }
        return meeting.everJoined
                ? meeting.emptySince > 0 && now - meeting.emptySince >= plan.emptyMinutes() * MINUTE
                : now - meeting.createTime >= plan.unjoinedMinutes() * MINUTE;
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
