// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.db.Tx;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerChange;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/// How servers leave: drained, disabled, removed, or emptied by force. The check and the change are one transaction, so
/// no meeting can be placed in between. Nothing here lets a server in again: people do that.
public final class Departure {

    /// How long a draining server may be offline before its lost meetings are given up with it: until then it may come
    /// back with people in them.
    private static final Duration OFFLINE_PATIENCE = Duration.ofMinutes(5);

    private final ServerPool pool;
    private final MeetingRegistry meetings;
    private final EventLog events;
    private final Panic panic;

    public Departure(ServerPool pool, MeetingRegistry meetings, EventLog events, BbbClient bbb) {
        this.pool = pool;
        this.meetings = meetings;
        this.events = events;
        this.panic = new Panic(pool, meetings, events, bbb);
    }

    /// No new meetings, and out of service once the last one has ended; one that is out of service stays so.
    public ServerChange drain(ServerId id) {
        return pool.change(
                id,
                server ->
                        server.admission() == Admission.DISABLED
                                ? server
                                : server.admitted(Admission.DRAINING));
    }

    /// Takes a server out of service; rejected while meetings run.
    public ServerChange disable(ServerId id) {
        return pool.admit(id, Admission.DISABLED, tx -> running(tx, id));
    }

    /// Takes a server out of the pool; rejected while meetings run.
    public ServerChange remove(ServerId id) {
        return remove(id, tx -> running(tx, id));
    }

    /// Takes a server out of the pool though meetings run: they are lost, and open elsewhere when somebody wants them.
    public ServerChange removeByForce(ServerId id) {
        return remove(id, _ -> Optional.empty());
    }

    private ServerChange remove(ServerId id, Function<Tx, Optional<String>> objection) {
        return pool.remove(
                id,
                tx -> {
                    var objected = objection.apply(tx);
                    if (objected.isEmpty()) {
                        leave(tx, id);
                    }
                    return objected;
                });
    }

    private void leave(Tx tx, ServerId id) {
        int lost = meetings.leave(tx, id);
        if (lost > 0) {
            events.note(tx, "meetings-lost", id.value(), LostMeetings.words(lost));
        }
    }

    /// Ends all meetings of a server at once and takes it out of service, whether it answers or not; empty when there
    /// is no such server.
    public Optional<Panic.Outcome> panic(ServerId id) throws InterruptedException {
        return panic.on(id);
    }

    /// Disables a server that was draining and runs nothing any more.
    void finishDrain(ServerId id) {
        finishDrain(id, (_, _) -> true, "its last meeting has ended");
    }

    /// The same for one that does not say what it runs: nothing, as far as we know, once it is given up.
    void finishDrainOfOffline(ServerId id) {
        finishDrain(
                id,
                (tx, server) ->
                        server.health() instanceof Health.Offline(Instant since, _, _)
                                && (since.plus(OFFLINE_PATIENCE).isBefore(meetings.now())
                                        || meetings.store().on(tx, id).isEmpty()),
                "it is offline, and no meeting is left that could only run there");
    }

    private void finishDrain(ServerId id, BiPredicate<Tx, Server> ready, String why) {
        meetings.db()
                .write(tx -> {
                    var now = pool.find(tx, id);
                    if (now.isPresent()
                            && now.get().admission() == Admission.DRAINING
                            && ready.test(tx, now.get())
                            && meetings.countOn(tx, id) == 0) {
                        events.note(tx, "server-empty", id.value(), why);
                        pool.admit(tx, id, Admission.DISABLED);
                    }
                    return null;
                });
    }

    private Optional<String> running(Tx tx, ServerId id) {
        int running = meetings.countOn(tx, id);
        return running == 0
                ? Optional.empty()
                : Optional.of(
                        "%s on server %s; drain it and wait, or end them"
                                .formatted(
                                        running == 1 ? "1 meeting runs" : running + " meetings run",
                                        id));
    }
}
