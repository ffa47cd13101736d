// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.db.Tx;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.HealthListener;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/// Meetings whose server was given up, was removed by force, or came back without them. They are lost, not forgotten:
/// who asks for one next opens it elsewhere, and a server that still runs one when it returns has it again. Thread-safe.
public final class LostMeetings implements HealthListener {

    private static final Logger LOG = LoggerFactory.getLogger(LostMeetings.class);

    /// After this time nobody is expected to come back to it.
    static final Duration KEPT = Duration.ofHours(24);

    private final MeetingRegistry meetings;
    private final EventLog events;

    public LostMeetings(MeetingRegistry meetings, EventLog events) {
        this.meetings = meetings;
        this.events = events;
    }

    @Override
    public void changed(Tx tx, Server before, Server after) {
        if (after.health() instanceof Health.Offline) {
            loseAllOn(tx, after.id());
        }
    }

    /// The server is given up, in this transaction.
    void loseAllOn(Tx tx, ServerId server) {
        int lost = meetings.store().loseAllOn(tx, server, meetings.now().plus(KEPT)).size();
        if (lost > 0) {
            events.note(tx, "meetings-lost", server.value(), words(lost));
            LOG.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("meetings", lost)
                    .log("meetings are lost; they open elsewhere as soon as somebody wants them");
        }
    }

    static String words(int lost) {
        return (lost == 1 ? "1 meeting is" : lost + " meetings are")
                + " lost with it; whoever wants one next opens it elsewhere";
    }

    /// Its server answers, but does not have it any more, and nobody ended it.
    void lose(Meeting meeting) {
        meetings.db()
                .write(tx -> {
                    find(tx, meeting, Meeting.State.CONFIRMED)
                            .ifPresent(row ->
                                    meetings.store()
                                            .setState(
                                                    tx,
                                                    row.key(),
                                                    Meeting.State.LOST,
                                                    meetings.now().plus(KEPT)));
                    events.note(
                            tx,
                            "meeting-lost",
                            meeting.internalId(),
                            "server %s answers, but has it no more".formatted(meeting.server()));
                    return null;
                });
    }

    /// Its server is back, and still runs it.
    void found(Meeting meeting, SeenMeeting seen) {
        meetings.db()
                .write(tx -> {
                    find(tx, meeting, Meeting.State.LOST)
                            .filter(row -> meetings.placing().mayRun(tx, row.server()))
                            .ifPresent(row ->
                                    meetings.store()
                                            .transfer(
                                                    tx,
                                                    row.confirmed(
                                                            seen.internalId(),
                                                            seen.createTime(),
                                                            meetings.now()),
                                                    meetings.store().answer(tx, row.key()),
                                                    "its server came back with it"));
                    return null;
                });
    }

    /// Forgets what was lost so long ago that nobody will want it, on whatever server.
    void forgetOld() {
        meetings.meetings().forEach(this::forgetIfOld);
    }

    /// Forgets a meeting that was lost so long ago that nobody will want it.
    void forgetIfOld(Meeting meeting) {
        if (meeting.isLost() && meeting.claimUntil().isBefore(meetings.now())) {
            meetings.ended(meeting, "lost");
        }
    }

    private java.util.Optional<Meeting> find(Tx tx, Meeting meeting, Meeting.State state) {
        return meetings.store()
                .find(tx, meeting.key())
                .filter(row -> row.isSameRun(meeting) && row.state() == state);
    }
}
