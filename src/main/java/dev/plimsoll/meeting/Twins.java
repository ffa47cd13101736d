// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.OptionalLong;

/// Settles what happens to a meeting that runs on a server while it is registered on another: the one with people in
/// it stays, the empty one is ended; with people in both, the registered one stays.
///
/// On a server that is disabled no meeting is ours: there, the registered one always stays.
///
/// Two servers have it when a server was given up too early, when an answer to a create was lost, or when a move was
/// broken off. Nothing is ended before the database says that it must be, so a create in the same moment cannot make
/// it ours. Where it cannot be known how many people are in the other one, the next poll decides.
final class Twins {

    private static final Logger LOG = LoggerFactory.getLogger(Twins.class);

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final BbbClient bbb;

    Twins(MeetingRegistry meetings, ServerPool pool, BbbClient bbb) {
        this.meetings = meetings;
        this.pool = pool;
        this.bbb = bbb;
    }

    /// The server runs what the mark warned of.
    void found(Server server, Stray stray, SeenMeeting seen) {
        var registered = meetings.registered(meetings.keyOf(stray.scopedId()));
        if (registered.isEmpty()) {
            settleUnregistered(server, stray, seen);
            return;
        }
        var meeting = registered.get();
        switch (meeting.state()) {
            case CLAIMED -> {
                // Somebody is creating it: what comes of that decides.
            }
            case LOST -> {
                // Where nobody is sent any more, it is of no use.
                if (server.admission() != Admission.DISABLED) {
                    moveTo(server, meeting, seen);
                }
            }
            case CONFIRMED -> {
                if (seen.users() == 0 || server.admission() == Admission.DISABLED) {
                    end(server, stray, seen);
                    return;
                }
                var others = people(meeting);
                if (others.isPresent()) {
                    decide(server, stray, seen, meeting, others.getAsLong());
                }
            }
        }
    }

    private void decide(
            Server server, Stray stray, SeenMeeting seen, Meeting registered, long others) {
        if (others > 0) {
            end(server, stray, seen);
        } else if (moveTo(server, registered, seen)) {
            pool.find(registered.server()).ifPresent(other -> end(other, registered.internalId()));
        }
    }

    private void settleUnregistered(Server server, Stray stray, SeenMeeting seen) {
        if (seen.users() == 0) {
            end(server, stray, seen);
        } else if (server.admission() != Admission.DISABLED) {
            adopt(server, seen);
        }
    }

    /// People sit in a meeting that everybody else has forgotten: it can be joined again.
    private void adopt(Server server, SeenMeeting seen) {
        var key = meetings.keyOf(seen.meetingId());
        var recipe =
                new Recipe(
                        Params.of("meetingID", key.meetingId(), "name", key.meetingId()),
                        Optional.empty());
        meetings.db()
                .write(tx -> {
                    if (meetings.store().find(tx, key).isEmpty()
                            && meetings.placing().mayRun(tx, server.id())) {
                        var now = meetings.now();
                        var meeting =
                                meetings.fresh(key, java.time.Duration.ZERO, now)
                                        .on(server.id(), 0);
                        meetings.store()
                                .insert(tx, meeting, recipe, "people were in it when it was found");
                        meetings.store()
                                .confirm(tx, key, seen.internalId(), seen.createTime(), "", now);
                        meetings.store()
                                .deleteStray(tx, server.id(), seen.meetingId(), seen.internalId());
                    }
                    return null;
                });
    }

    /// Registers the meeting where its people are.
    ///
    /// @return whether it was still registered as it seemed
    private boolean moveTo(Server server, Meeting registered, SeenMeeting seen) {
        boolean done =
                meetings.db()
                        .write(tx -> {
                            var row =
                                    meetings.store()
                                            .find(tx, registered.key())
                                            .filter(found -> found.equals(registered));
                            if (row.isEmpty() || !meetings.placing().mayRun(tx, server.id())) {
                                return false;
                            }
                            var now = meetings.now();
                            meetings.placing().giveBack(tx, row.get(), now);
                            meetings.store()
                                    .transfer(
                                            tx,
                                            row.get()
                                                    .on(server.id(), 0)
                                                    .continuing(row.get().formersAndThis())
                                                    .as(runOf(row.get(), seen))
                                                    .confirmed(
                                                            seen.internalId(),
                                                            seen.createTime(),
                                                            now),
                                            "",
                                            "its people are there; the one elsewhere was empty");
                            meetings.store()
                                    .deleteStray(
                                            tx, server.id(), seen.meetingId(), seen.internalId());
                            if (!row.get().internalId().equals(seen.internalId())) {
                                meetings.noteStray(
                                        tx,
                                        row.get().server(),
                                        row.get().key(),
                                        row.get().internalId(),
                                        Stray.Cause.ENDED,
                                        now);
                            }
                            return true;
                        });
        if (done) {
            LOG.atInfo()
                    .addKeyValue("server", server.id())
                    .addKeyValue("meeting", seen.internalId())
                    .log("a meeting stays where its people are; its empty twin is ended");
        }
        return done;
    }

    /// The run that the people in it belong to.
    private static String runOf(Meeting registered, SeenMeeting seen) {
        return registered.formers().stream()
                .filter(former -> former.createTime() == seen.createTime())
                .map(Meeting.Former::run)
                .findFirst()
                .orElse(registered.claimId());
    }

    /// How many people are in it; empty when its server does not say.
    private OptionalLong people(Meeting meeting) {
        var server = pool.find(meeting.server()).filter(Server::takesJoins);
        if (server.isEmpty()) {
            return OptionalLong.empty();
        }
        var question =
                ServerCall.read("getMeetingInfo", Params.of("meetingID", meeting.key().scopedId()));
        return switch (bbb.call(server.get().endpoint(), question, bbb.settings().answer())) {
            case ServerReply.Success(var document) ->
                    OptionalLong.of(document.root().numberOf("participantCount"));
            case ServerReply.Refused _ -> OptionalLong.of(0); // it has just ended there
            case ServerReply.Redirected _, ServerReply.Unreachable _ -> OptionalLong.empty();
        };
    }

    private void end(Server server, Stray stray, SeenMeeting seen) {
        if (makeDefinite(stray, seen)) {
            end(server, seen.internalId());
        }
    }

    /// Settles, against a create in the same moment, that this very meeting must go. What made us look for it stays:
    /// the meeting that is there now need not be the one of the lost answer, which may come later.
    private boolean makeDefinite(Stray stray, SeenMeeting seen) {
        return meetings.db()
                .write(tx -> {
                    var store = meetings.store();
                    if (store.isRegistered(tx, stray.server(), stray.scopedId())) {
                        return false; // it has become ours in this very moment
                    }
                    store.addStray(
                            tx,
                            new Stray(
                                    stray.server(),
                                    stray.scopedId(),
                                    seen.internalId(),
                                    Stray.Cause.ENDED,
                                    meetings.now()));
                    return true;
                });
    }

    /// Asks the server to end this very run; what it does not do now, it is asked again after a later poll.
    void end(Server server, String internalId) {
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
}
