// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Fanout;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.db.Tx;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Empties a server at once. One transaction disables it, forgets its meetings, marks them as to be ended there, and
/// gives the claims for it up; only then is the server asked to end them. Whatever breaks off after the transaction,
/// the marks see to the rest when the server is polled next.
public final class Panic {

    private static final Logger LOG = LoggerFactory.getLogger(Panic.class);

    private final ServerPool pool;
    private final MeetingRegistry meetings;
    private final EventLog events;
    private final BbbClient bbb;

    Panic(ServerPool pool, MeetingRegistry meetings, EventLog events, BbbClient bbb) {
        this.pool = pool;
        this.meetings = meetings;
        this.events = events;
        this.bbb = bbb;
    }

    /// What came of it.
    ///
    /// @param ended meetings that the server agreed to end, or had no more
    /// @param forgotten meetings that it did not answer for; they are ended should it come back with them
    /// @param changed whether anything was different before
    public record Outcome(ServerId server, int ended, int forgotten, boolean changed) {}

    /// What the transaction found.
    private record Cleared(Server before, List<Meeting> meetings, Set<String> marked) {}

    Optional<Outcome> on(ServerId id) throws InterruptedException {
        var cleared = meetings.db().write(tx -> pool.find(tx, id).map(before -> clear(tx, before)));
        return cleared.isPresent() ? Optional.of(end(cleared.get())) : Optional.empty();
    }

    private Cleared clear(Tx tx, Server before) {
        var id = before.id();
        pool.admit(tx, id, Admission.DISABLED);
        var gone = meetings.clear(tx, id, "panic");
        if (before.admission() != Admission.DISABLED || !gone.isEmpty()) {
            events.note(tx, "server-panic", id.value(), "its meetings: " + gone.size());
        }
        var marked =
                meetings.store().strays(tx, id).stream()
                        .filter(stray -> stray.cause() == Stray.Cause.ENDED)
                        .map(Stray::internalId)
                        .filter(internalId -> !internalId.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
        return new Cleared(before, gone, marked);
    }

    /// Asks for all of them at once, also for those that an earlier panic had no answer for. Breakout rooms that
    /// people opened end with their parents.
    private Outcome end(Cleared cleared) throws InterruptedException {
        var server = cleared.before();
        var within = bbb.settings().answer();
        Set<String> ended =
                Fanout.ask(List.copyOf(cleared.marked()), within, run -> isEnded(server, run))
                        .stream()
                        .flatMap(answer ->
                                answer
                                                        instanceof
                                                        Fanout.Answer.Given<String, Boolean>(
                                                                var run,
                                                                var done)
                                                && done
                                        ? Stream.of(run)
                                        : Stream.of())
                        .collect(Collectors.toSet());
        int done =
                (int)
                        cleared.meetings().stream()
                                .filter(meeting -> ended.contains(meeting.internalId()))
                                .count();
        int forgotten = cleared.meetings().size() - done;
        LOG.atWarn()
                .addKeyValue("server", server.id())
                .addKeyValue("ended", done)
                .addKeyValue("forgotten", forgotten)
                .log("a server was emptied by force and disabled");
        boolean changed = server.admission() != Admission.DISABLED || !cleared.meetings().isEmpty();
        return new Outcome(server.id(), done, forgotten, changed);
    }

    private boolean isEnded(Server server, String internalId) {
        var call = ServerCall.act("end", Params.of("meetingID", internalId), Optional.empty());
        return switch (bbb.call(server.endpoint(), call, bbb.settings().answer())) {
            case ServerReply.Success _ -> true;
            case ServerReply.Refused(String key, _, _) -> key.equals("notFound");
            case ServerReply.Redirected _, ServerReply.Unreachable _ -> false;
        };
    }
}
