// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A meeting on the simulated server. Guarded by the lock of [Meetings].
final class Meeting {

    /// How many clients one person may have open at a time.
    private static final int SESSIONS_PER_PERSON = 3;

    /// Whether the meeting is being recorded.
    enum Recorded {
        NOW,
        NOT_NOW
    }

    /// When somebody came and was counted out, in milliseconds.
    record Visitor(User.Person person, List<Long> joins, List<Long> leaves) {}

    final MeetingPlan plan;

    /// What `meetingID` in answers says: the caller's id, but an invented one for breakout rooms.
    final String externalId;

    final String internalId;
    final long createTime;

    boolean everJoined;

    Recorded recorded = Recorded.NOT_NOW;
    boolean everRecorded;

    /// All who have ever been here, by external id.
    final Map<String, Visitor> visitors = new LinkedHashMap<>();

    /// When the last user was counted out; 0 while somebody is there.
    long emptySince;

    /// When an asked-for end happens; 0 while none was asked for.
    long endingAt;

    /// Names of presentations that came after `create`.
    final List<String> inserted = new ArrayList<>();

    private final Map<String, User> users = new LinkedHashMap<>();

    Meeting(MeetingPlan plan, String externalId, String internalId, long createTime) {
        this.plan = plan;
        this.externalId = externalId;
        this.internalId = internalId;
        this.createTime = createTime;
    }

    private Visitor visitor(User user) {
        return visitors.computeIfAbsent(
                user.person.externalId(),
                _ -> new Visitor(user.person, new ArrayList<>(), new ArrayList<>()));
    }

    /// All who are listed, those just left included.
    Collection<User> users() {
        return users.values();
    }

    // BBB: somebody who left keeps the meeting running until purged from the list
    boolean running() {
        return !users.isEmpty();
    }

    long count(Predicate<User> test) {
        return users.values().stream().filter(test).count();
    }

    /// The client of a user has arrived; use [Meetings#connect], which tells others.
    ///
    /// @return whether the user is new here
    boolean connect(User user, long now) {
        if (user.state == User.State.ONLINE) {
            return false;
        }
        boolean fresh = user.state != User.State.LEAVING;
        ejectOldestOf(user.person.externalId(), now);
        user.enter(User.State.ONLINE, now);
        user.presenter =
                user.person.role() == Role.MODERATOR
                        && count(other -> other.presenter && other.present()) == 0;
        users.put(user.person.id(), user);
        if (fresh) {
            visitor(user).joins().add(now);
        }
        everJoined = true;
        emptySince = 0;
        return fresh;
    }

    private void ejectOldestOf(String externalId, long now) {
        var open =
                users.values().stream()
                        .filter(u ->
                                u.state == User.State.ONLINE
                                        && u.person.externalId().equals(externalId))
                        .toList();
        if (open.size() >= SESSIONS_PER_PERSON) {
            open.getFirst().enter(User.State.LEAVING, now);
        }
    }

    /// The client of a user has gone; the server takes its time to notice.
    void leave(User user, long now) {
        if (user.state == User.State.ONLINE) {
            user.enter(User.State.LEAVING, now);
        }
    }

    /// Counts out those who left at least so long ago.
    ///
    /// @return whom it counted out
    List<User> countOut(long grace, long now) {
        var out = new ArrayList<User>();
        for (User user : users.values()) {
            if (user.state == User.State.LEAVING && now - user.since >= grace) {
                user.enter(User.State.LEFT, now);
                user.presenter = false;
                out.add(user);
                visitor(user).leaves().add(now);
            }
        }
        if (everJoined && emptySince == 0 && count(User::present) == 0) {
            emptySince = now;
        }
        return out;
    }

    /// Forgets those who were counted out at least so long ago.
    void purge(long age, long now) {
        users.values().removeIf(user -> user.state == User.State.LEFT && now - user.since >= age);
    }
}
