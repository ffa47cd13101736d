// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.db.Tx;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerChange;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import java.util.Optional;

/// How servers leave: disabled, removed or drained, and never while meetings are registered on them. The check and the
/// change are one transaction, so no meeting can be placed in between.
public final class Departure {

    private final ServerPool pool;
    private final MeetingRegistry meetings;

    public Departure(ServerPool pool, MeetingRegistry meetings) {
        this.pool = pool;
        this.meetings = meetings;
    }

    /// Takes a server out of service; rejected while meetings run.
    public ServerChange disable(ServerId id) {
        return pool.admit(id, Admission.DISABLED, tx -> running(tx, id));
    }

    /// Takes a server out of the pool; rejected while meetings run.
    public ServerChange remove(ServerId id) {
        return pool.remove(id, tx -> running(tx, id));
    }

    /// Disables a server that was draining and is empty now.
    void finishDrain(Server server) {
        pool.admit(
                server.id(),
                Admission.DISABLED,
                tx -> {
                    var now = pool.find(tx, server.id()).map(Server::admission);
                    return now.equals(Optional.of(Admission.DRAINING))
                            ? running(tx, server.id())
                            : Optional.of("somebody wants it otherwise by now");
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
