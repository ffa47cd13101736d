// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Document;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.placement.Placement;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Moves meetings from one server to another while people are in them, or after their server died.
///
/// The meeting is created on the target first; then, in one transaction, the registry points there and the run on the
/// origin is marked as one to be ended; only then is it ended. So at any moment exactly one run is registered, joins
/// never miss, and whoever is sent away by the end finds the meeting at its new place ([WayBack]). When we die in
/// between, a mark on the target or on the origin lets a poll settle the rest.
public final class MeetingMoves {

    /// What people should know before and after.
    public static final String LEFT_BEHIND =
            "people follow by themselves; chat, shared notes, whiteboard, polls, slides put in later, breakout rooms and"
                    + " roles changed in the meeting stay behind, and a recording ends there and begins anew";

    private final MeetingRegistry meetings;
    private final MeetingCreation creation;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final Twins twins;
    private final MeetingSettings settings;
    private final EventLog events;

    public MeetingMoves(
            MeetingRegistry meetings,
            MeetingCreation creation,
            ServerPool pool,
            BbbClient bbb,
            MeetingSettings settings,
            EventLog events) {
        this.meetings = meetings;
        this.creation = creation;
        this.pool = pool;
        this.bbb = bbb;
        this.twins = new Twins(meetings, pool, bbb);
        this.settings = settings;
        this.events = events;
    }

    /// What came of moving a meeting.
    public sealed interface Move {

        /// It runs there now.
        ///
        /// @param answer of the target to the create
        record Moved(ServerId from, ServerId to, Document answer) implements Move {}

        /// It runs there already.
        record SameServer() implements Move {}

        /// There is no such server.
        record UnknownServer() implements Move {}

        /// No other server can take it.
        record NoServer(Placement.NoServer why) implements Move {}

        /// The target understood, and said no.
        record Refused(Document answer) implements Move {}

        /// Nothing was changed.
        record Failed(String reason) implements Move {}
    }

    /// Moves the meeting to the server, or to the one where it fits best.
    public Move move(Meeting meeting, Optional<ServerId> to) throws InterruptedException {
        if (to.isPresent()) {
            var objection = objection(meeting, to.get());
            if (objection.isPresent()) {
                return objection.get();
            }
        }
        long deadline = System.nanoTime() + settings.budget().toNanos();
        Set<ServerId> tried = new HashSet<>(Set.of(meeting.server()));
        while (true) {
            switch (prepare(meeting, to, tried)) {
                case Step.Done(Move move) -> {
                    return move;
                }
                case Step.Ready(Meeting there, Recipe recipe) -> {
                    var move = open(meeting, there, recipe, deadline);
                    boolean next =
                            move instanceof Move.Failed
                                    && to.isEmpty()
                                    && System.nanoTime() < deadline
                                    && tried.add(there.server());
                    if (!next) {
                        return move;
                    }
                }
            }
        }
    }

    private Optional<Move> objection(Meeting meeting, ServerId to) {
        if (to.equals(meeting.server()) && !meeting.isLost()) {
            return Optional.of(new Move.SameServer());
        }
        var target = pool.find(to);
        if (target.isEmpty()) {
            return Optional.of(new Move.UnknownServer());
        }
        boolean fit = target.get().takesJoins() && target.get().health() instanceof Health.Online;
        return fit
                ? Optional.empty()
                : Optional.of(
                        new Move.Failed(
                                "server %s is %s and %s"
                                        .formatted(
                                                to,
                                                target.get().admission().word(),
                                                target.get().health().word())));
    }

    private sealed interface Step {
        record Ready(Meeting there, Recipe recipe) implements Step {}

        record Done(Move move) implements Step {}
    }

    /// Chooses the target, reserves its load, and marks it as one that may come to run the meeting.
    private Step prepare(Meeting meeting, Optional<ServerId> to, Set<ServerId> tried) {
        return meetings.db()
                .write(tx -> {
                    var now = meetings.now();
                    var row =
                            meetings.store()
                                    .find(tx, meeting.key())
                                    .filter(found -> found.equals(meeting));
                    if (row.isEmpty() || meeting.claimId().isEmpty()) {
                        return new Step.Done(new Move.Failed(notMovable(meeting)));
                    }
                    var recipe =
                            meetings.store()
                                    .recipe(tx, meeting.key())
                                    .orElseThrow()
                                    .completedBy(meetings.store().answer(tx, meeting.key()));
                    var expected = recipe.expecting(people(meeting));
                    var placement =
                            to.isPresent()
                                    ? meetings.placing().on(tx, to.get(), expected.said(), now)
                                    : meetings.place(tx, meeting.key(), expected, tried, now);
                    return switch (placement) {
                        case Placement.NoServer why -> new Step.Done(new Move.NoServer(why));
                        case Placement.Chosen chosen -> {
                            var there =
                                    meetings.fresh(meeting.key(), settings.budget(), now)
                                            .on(chosen.server().id(), chosen.reservation())
                                            .continuing(meeting.formersAndThis());
                            meetings.noteStray(
                                    tx,
                                    there.server(),
                                    there.key(),
                                    "",
                                    Stray.Cause.ANSWER_LOST,
                                    now);
                            yield new Step.Ready(there, recipe);
                        }
                    };
                });
    }

    private static String notMovable(Meeting meeting) {
        return meeting.claimId().isEmpty()
                ? "a breakout room stays with its parent meeting"
                : "the meeting has changed in this moment; look at it and try again";
    }

    /// The people in it at the last poll: they will want to come along.
    private int people(Meeting meeting) {
        return pool.lastAnswer(meeting.server()).meetings().stream()
                .map(listed -> listed.seen())
                .filter(seen -> seen.internalId().equals(meeting.internalId()))
                .mapToInt(SeenMeeting::users)
                .findFirst()
                .orElse(0);
    }

    private Move open(Meeting from, Meeting there, Recipe recipe, long deadline)
            throws InterruptedException {
        var found = pool.find(there.server());
        if (found.isEmpty()) {
            return new Move.Failed("server %s was just removed".formatted(there.server()));
        }
        var target = found.get();
        while (true) {
            var reply = creation.send(target, there, recipe, bbb.settings().create());
            switch (reply) {
                case ServerReply.Success(Document answer) -> {
                    String id = answer.root().textOf("internalMeetingID");
                    if (!meetings.isDying(target.id(), there.key().scopedId(), id)) {
                        return arrive(from, there, recipe, id, answer);
                    }
                    // BBB: an earlier run of it, which is only ending there, is found for a while
                    if (System.nanoTime() > deadline) {
                        giveBack(there, Delivery.NOT_DELIVERED);
                        return new Move.Failed("an earlier run is still ending there");
                    }
                    MeetingCreation.pause();
                }
                case ServerReply.Refused(_, _, Document answer) -> {
                    giveBack(there, Delivery.NOT_DELIVERED);
                    return new Move.Refused(answer);
                }
                case ServerReply.Redirected _ -> {
                    giveBack(there, Delivery.UNKNOWN);
                    return new Move.Failed(
                            "server %s answers a create with a redirect".formatted(target.id()));
                }
                case ServerReply.Unreachable(var failure, _, Delivery delivery) -> {
                    giveBack(there, delivery);
                    pool.failed(target.id(), failure);
                    return new Move.Failed("server %s %s".formatted(target.id(), failure.reason()));
                }
            }
        }
    }

    /// Undoes what [#prepare] noted, but for the mark when the target may have the meeting.
    private void giveBack(Meeting there, Delivery delivery) {
        meetings.db()
                .write(tx -> {
                    meetings.placing().giveBack(tx, there, meetings.now());
                    if (delivery == Delivery.NOT_DELIVERED) {
                        meetings.store()
                                .deleteStray(tx, there.server(), there.key().scopedId(), "");
                    }
                    return null;
                });
    }

    /// It runs on both now: the registry follows, then the origin's run is ended.
    private Move arrive(
            Meeting from, Meeting there, Recipe recipe, String internalId, Document answer) {
        var arrived =
                there.confirmed(internalId, answer.root().numberOf("createTime"), meetings.now());
        if (!register(from, arrived, recipe, answer)) {
            pool.find(there.server()).ifPresent(server -> twins.end(server, internalId));
            return new Move.Failed("the meeting was ended, or moved by somebody else, meanwhile");
        }
        pool.find(from.server())
                .filter(Server::takesJoins)
                .filter(_ -> !from.internalId().isEmpty())
                .ifPresent(origin -> twins.end(origin, from.internalId()));
        return new Move.Moved(from.server(), there.server(), answer);
    }

    private boolean register(Meeting from, Meeting arrived, Recipe recipe, Document answer) {
        return meetings.db()
                .write(tx -> {
                    var now = meetings.now();
                    var store = meetings.store();
                    String scopedId = from.key().scopedId();
                    var row = store.find(tx, from.key());
                    if (row.filter(found -> isThere(found, arrived)).isPresent()) {
                        meetings.placing().giveBack(tx, arrived, now);
                        return true; // somebody else moved it there in this moment
                    }
                    if (row.filter(from::equals).isEmpty()
                            || !meetings.placing().mayRun(tx, arrived.server())) {
                        meetings.placing().giveBack(tx, arrived, now);
                        meetings.noteStray(
                                tx,
                                arrived.server(),
                                arrived.key(),
                                arrived.internalId(),
                                Stray.Cause.ENDED,
                                now);
                        return false;
                    }
                    meetings.placing().giveBack(tx, from, now);
                    store.transfer(
                            tx,
                            arrived,
                            new String(answer.bytes(), StandardCharsets.UTF_8),
                            "moved from server %s".formatted(from.server()));
                    store.keepRecipe(tx, from.key(), recipe);
                    store.deleteStray(tx, arrived.server(), scopedId, "");
                    store.deleteStray(tx, arrived.server(), scopedId, arrived.internalId());
                    meetings.noteStray(
                            tx,
                            from.server(),
                            from.key(),
                            from.internalId(),
                            Stray.Cause.ENDED,
                            now);
                    events.note(
                            tx,
                            "meeting-moved",
                            arrived.internalId(),
                            "from server %s to %s".formatted(from.server(), arrived.server()));
                    return true;
                });
    }

    // BBB: two creates of one meeting on one server make one meeting
    private static boolean isThere(Meeting registered, Meeting arrived) {
        return registered.server().equals(arrived.server())
                && registered.internalId().equals(arrived.internalId());
    }
}
