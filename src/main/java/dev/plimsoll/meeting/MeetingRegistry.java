// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.db.Bid;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.Duties;
import dev.plimsoll.db.Session;
import dev.plimsoll.db.Tx;
import dev.plimsoll.placement.Placement;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.tenant.Tenant;
import dev.plimsoll.tenant.TenantDirectory;
import dev.plimsoll.tenant.TenantId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Which meeting runs on which server: the one fact the system exists to keep.
///
/// **States.** A meeting is *claimed* for a server before that server is asked to create it, *confirmed* once it
/// has, and *lost* when that server is given up or comes back without it ([LostMeetings]). The next create or join
/// claims a lost one anew, for another server. One row per meeting, by the primary key: of many callers in one moment, on many instances, exactly one wins
/// the claim, and everybody else sees its row. Whoever holds the claim (`claimId`) confirms it, hands it to another
/// server, or releases it; each of these checks in its transaction that the claim is still its own.
///
/// **A holder that dies** leaves a claim whose time runs out. The next create takes it over, preferably on the same
/// server: creating a meeting twice on one BigBlueButton server makes one meeting. A poll may settle it as well.
///
/// **An answer that is lost** may have left the meeting on a server that no longer has the claim. That is noted as a
/// [Stray] in the same transaction that hands the claim on, so that the poller can end what should not be there.
/// A server with such a note is avoided for that meeting while there is another. The note rests while the meeting is
/// registered on that very server, and outlives it: a slow server may carry a create out long after we gave up.
///
/// **Memory** holds all rows and is renewed by the change feed after each commit. A confirmed meeting found there is
/// as good as the database's; a miss asks the database. Thread-safe.
public final class MeetingRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(MeetingRegistry.class);

    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Database db;
    private final Clock clock;
    private final Placing placing;
    private final TenantDirectory tenants;
    private final Duties duties;
    private final MeetingStore store = new MeetingStore();
    private final Map<Meeting.Key, Meeting> memory = new ConcurrentHashMap<>();
    private final Map<ServerId, Set<Meeting.Key>> byServer = new ConcurrentHashMap<>();
    private final Map<String, Meeting.Key> byInternalId = new ConcurrentHashMap<>();
    private final Map<Meeting.Key, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final Queue<Runnable> unsettled = new ConcurrentLinkedQueue<>();
    private volatile MeetingListener listener = (_, _) -> {};

    public MeetingRegistry(
            Database db, Clock clock, Placing placing, TenantDirectory tenants, Duties duties) {
        this.duties = duties;
        this.db = db;
        this.clock = clock;
        this.placing = placing;
        this.tenants = tenants;
    }

    /// Whether it is lost, and may be opened elsewhere.
    public boolean mayReopen(Meeting meeting) {
        return meeting.isLost()
                && tenants.find(meeting.key().tenant()).map(Tenant::failsOver).orElse(true);
    }

    /// After which the tenant's meetings are ended; zero for never.
    Duration maxAge(TenantId tenant) {
        return tenants.find(tenant).map(Tenant::maxAge).orElse(Duration.ZERO);
    }

    /// The meeting that servers know by that id.
    Meeting.Key keyOf(String scopedId) {
        return Meeting.Key.ofScoped(scopedId, id -> tenants.find(id).isPresent());
    }

    /// Loads what runs where, and follows the changes from now on. Claims left by a process that died can be taken
    /// over at once: with SQLite nobody else can hold one.
    public void start() {
        db.listen(MeetingStore.TOPIC, store::announced, this::refresh);
        db.onGap(this::rebuild); // before loading, lest a gap in between is overlooked
        db.write(tx -> {
            // Ours: we have no create under way yet. With a file of our own, there are no others.
            expireClaimsOf(tx, db.isShared() ? duties.self() : "");
            store.forgetEndedBefore(tx, clock.instant().minus(Duration.ofDays(90)));
            store.all(tx).forEach(this::put);
            return null;
        });
        duties.onDeath(this::expireClaimsOf);
        duties.alsoDo(this::settle); // perhaps nobody creates here, and others poll
    }

    /// @param instance empty text for all
    private void expireClaimsOf(Tx tx, String instance) {
        store.expireClaims(tx, instance, clock.instant());
    }

    /// Brings memory in line with the database after changes went unheard.
    private void rebuild() {
        var gone = new HashSet<>(memory.keySet());
        for (Meeting meeting : db.read(store::all)) {
            gone.remove(meeting.key());
            refresh(meeting.key(), Optional.of(meeting));
        }
        gone.forEach(key -> refresh(key, Optional.empty()));
    }

    /// Tells somebody of every change from now on; one listener at most.
    public void tell(MeetingListener whom) {
        listener = whom;
    }

    /// The meeting, wherever it stands.
    // BBB: the internal id is accepted wherever a meeting is named
    public Optional<Meeting> find(Meeting.Key key) {
        return known(key)
                .or(() -> knownInternally(key))
                .or(() -> db.read(session -> store.find(session, key)))
                .or(() -> placing.serverOfRoom(key.meetingId()).map(server -> room(key, server)));
    }

    /// A breakout room, which its server opened without us: it answers by its ids like any meeting, but is nowhere
    /// registered and ends with its parent.
    private static Meeting room(Meeting.Key key, ServerId server) {
        return new Meeting(
                key,
                server,
                Meeting.State.CONFIRMED,
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                key.meetingId(),
                0,
                0,
                List.of());
    }

    private Optional<Meeting> knownInternally(Meeting.Key named) {
        return knownInternally(named.meetingId())
                .filter(meeting -> meeting.key().tenant().equals(named.tenant()));
    }

    /// The meeting, if memory knows it: for filtering long lists, where a miss may stand.
    public Optional<Meeting> known(Meeting.Key key) {
        return db.fresh(
                () -> Optional.ofNullable(memory.get(key)), session -> store.find(session, key));
    }

    /// The meeting that its server knows by that id of its own, if memory knows it, whosever it is.
    public Optional<Meeting> knownInternally(String internalId) {
        return Optional.ofNullable(byInternalId.get(internalId)).flatMap(this::known);
    }

    /// The same by the id that servers know.
    public Optional<Meeting> knownScoped(String scopedId) {
        return known(keyOf(scopedId));
    }

    /// The meeting as the database has it in this moment.
    public Optional<Meeting> registered(Meeting.Key key) {
        return db.read(session -> store.find(session, key));
    }

    /// All meetings; a view that may change while you look.
    public Collection<Meeting> meetings() {
        return db.fresh(
                () -> Collections.unmodifiableCollection(memory.values()),
                session -> store.all(session));
    }

    /// The meetings of one server.
    public List<Meeting> meetingsOn(ServerId server) {
        return db.fresh(() -> rememberedOn(server), session -> store.on(session, server));
    }

    private List<Meeting> rememberedOn(ServerId server) {
        return byServer.getOrDefault(server, Set.of()).stream()
                .map(memory::get)
                .filter(meeting -> meeting != null && meeting.server().equals(server))
                .toList();
    }

    /// How many meetings run on the server or are being created there, as memory knows it; not those that are lost.
    public int countsOn(ServerId server) {
        return (int) meetingsOn(server).stream().filter(meeting -> !meeting.isLost()).count();
    }

    /// How many meetings are registered on the server, in the transaction's eyes.
    public int countOn(Tx tx, ServerId server) {
        return store.countOn(tx, server);
    }

    /// Why the meeting was placed on its server, in words for an operator.
    public String why(Meeting.Key key) {
        return db.read(session -> store.why(session, key)).orElse("");
    }

    /// How the meeting was created.
    public Optional<Recipe> recipe(Meeting.Key key) {
        return db.read(session -> store.recipe(session, key));
    }

    /// What the server answered to the create, word for word; empty text before it is confirmed.
    public String createAnswer(Meeting.Key key) {
        return db.read(session -> store.answer(session, key));
    }

    /// Claims the meeting for the server where it fits best, or finds the claim somebody else won.
    ///
    /// Two creates for one meeting, on two instances, at one moment: exactly one gets [Claim.Won]. The primary key
    /// decides, not this code.
    ///
    /// @param claimFor how long the winner may take; longer than any create
    public Claim claim(Meeting.Key key, Recipe recipe, Duration claimFor) {
        settle();
        var known = known(key);
        if (known.filter(Meeting::isConfirmed).isPresent()) {
            return new Claim.Existing(known.get());
        }
        // Beside those who write; the claim itself makes sure that nothing has come in between.
        var seen = db.read(session -> lookUp(session, key, clock.instant()));
        var wanted = fresh(key, claimFor, clock.instant());
        try {
            return db.write(
                    tx -> bidForNew(tx, wanted, seen, recipe),
                    tx -> lookAndClaim(tx, wanted, recipe));
        } catch (DatabaseAway e) {
            // What of it may still come holds the lock of those who write, so it comes before this.
            if (e.isInDoubt()) {
                unsettled.add(() -> giveUp(wanted, Delivery.NOT_DELIVERED));
            }
            throw e;
        }
    }

    /// For a meeting of which nothing is known and nothing speaks against: most often so.
    private Optional<Bid<Claim>> bidForNew(
            Tx tx, Meeting wanted, MeetingStore.Found seen, Recipe recipe) {
        var key = wanted.key();
        boolean isNew =
                seen.row().isEmpty()
                        && seen.doubted().isEmpty()
                        && !memory.containsKey(key)
                        && tx.known(MeetingStore.TOPIC, key.text()).isEmpty()
                        && parent(key, recipe).isEmpty();
        if (!isNew) {
            return Optional.empty();
        }
        return placing.offer(tx, recipe.said(), seen.peak(), clock.instant())
                .map(offer -> {
                    var chosen = offer.chosen();
                    var claimed = on(chosen, wanted);
                    return new Bid<>(
                            store.claiming(offer.reservation(), claimed, recipe, chosen.why()),
                            new Claim.Won(claimed, recipe),
                            again -> placing.lookAgain(again, claimed.server()));
                });
    }

    private static Meeting on(Placement.Chosen chosen, Meeting wanted) {
        return wanted.on(chosen.server().id(), chosen.reservation());
    }

    private Claim lookAndClaim(Tx tx, Meeting wanted, Recipe recipe) {
        var now = clock.instant();
        var found = lookUp(tx, wanted.key(), now);
        if (found.row().isEmpty()) {
            return placed(tx, wanted, found, recipe, now);
        }
        var meeting = found.row().get();
        return switch (meeting.state()) {
            case CONFIRMED -> new Claim.Existing(meeting);
            case LOST ->
                    mayReopen(meeting)
                            ? reopen(tx, meeting, wanted, found, recipe, now)
                            : new Claim.Existing(meeting);
            case CLAIMED ->
                    meeting.claimUntil().isAfter(now)
                            ? new Claim.Existing(meeting)
                            : takeOver(tx, meeting, wanted, found, recipe, now);
        };
    }

    /// Hands a claim to another server, because its own gave no usable answer.
    ///
    /// @param tried servers that must not get it
    public Claim moveOn(
            Meeting claimed,
            Recipe recipe,
            Delivery delivery,
            Set<ServerId> tried,
            Duration claimFor) {
        var next = fresh(claimed.key(), claimFor, clock.instant()).continuing(claimed.formers());
        try {
            return db.write(tx -> moveOn(tx, claimed, next, recipe, delivery, tried));
        } catch (DatabaseAway e) {
            unsettled.add(() -> giveUp(claimed, delivery));
            unsettled.add(() -> giveUp(next, Delivery.NOT_DELIVERED));
            throw e;
        }
    }

    private Claim moveOn(
            Tx tx,
            Meeting claimed,
            Meeting next,
            Recipe recipe,
            Delivery delivery,
            Set<ServerId> tried) {
        var now = clock.instant();
        var found = lookUp(tx, claimed.key(), now);
        var row = found.row();
        if (delivery == Delivery.UNKNOWN) {
            noteLostAnswer(tx, claimed, now);
        }
        if (row.isPresent() && !isStillOurs(row.get(), claimed)) {
            return new Claim.Existing(row.get());
        }
        return switch (place(tx, claimed.key(), found, recipe, tried, now)) {
            case Placement.NoServer none -> {
                row.ifPresent(own -> giveUp(tx, own, now));
                yield new Claim.NoServer(none);
            }
            case Placement.Chosen chosen -> {
                var kept = claimed.formers().isEmpty() ? recipe : recipeIn(tx, claimed, recipe);
                row.ifPresent(own -> drop(tx, own, now));
                yield new Claim.Won(insert(tx, next, kept, chosen), recipe);
            }
        };
    }

    /// What came of the wish to note that a server runs a meeting.
    public enum Confirmed {
        /// It is registered there now.
        REGISTERED,
        /// That very run of it was ended by us, and is going.
        DYING,
        /// It was opened elsewhere meanwhile, or its server was taken out of service.
        ELSEWHERE
    }

    /// Notes that the server runs the meeting.
    ///
    /// @param mine as it was claimed, or as it was registered before the server made it anew
    /// @param answer the server's answer, word for word
    public Confirmed confirm(
            Meeting mine, Recipe recipe, String internalId, long createTime, String answer) {
        return confirm(new Opened(mine, recipe, internalId, createTime, answer));
    }

    /// What a server opened.
    private record Opened(
            Meeting mine, Recipe recipe, String internalId, long createTime, String answer) {}

    private Confirmed confirm(Opened opened) {
        var now = clock.instant();
        var confirming =
                store.confirming(
                        opened.mine, opened.internalId, opened.createTime, opened.answer, now);
        return db.write(
                _ -> Optional.of(new Bid<>(confirming, Confirmed.REGISTERED)),
                tx -> lookAndConfirm(tx, opened, now));
    }

    private Confirmed lookAndConfirm(Tx tx, Opened opened, Instant now) {
        var mine = opened.mine;
        var key = mine.key();
        var server = mine.server();
        String internalId = opened.internalId;
        var found = store.find(tx, key);
        if (store.mustEnd(tx, server, key.scopedId(), internalId)) {
            return Confirmed.DYING;
        }
        if (!placing.mayRun(tx, server)) {
            noteStray(tx, server, key, internalId, Stray.Cause.ENDED, now);
            return Confirmed.ELSEWHERE; // its server was taken out of service meanwhile
        }
        if (found.isPresent() && !found.get().server().equals(server)) {
            // We were so late that somebody took over: what we created must not stay.
            noteStray(tx, server, key, internalId, Stray.Cause.ANSWER_LOST, now);
            return Confirmed.ELSEWHERE;
        }
        if (found.isEmpty()) {
            store.insert(tx, mine, opened.recipe, "its server ran it when it had been forgotten");
            placing.reserve(tx, mine, now);
        }
        if (found.isEmpty()
                || !found.get().isConfirmed()
                || !found.get().internalId().equals(internalId)) {
            store.deleteStray(tx, server, key.scopedId(), internalId);
            if (!mine.formers().isEmpty()) {
                store.keepRecipe(tx, key, opened.recipe); // until now the earlier run's stood
            }
            store.confirm(tx, key, internalId, opened.createTime, opened.answer, now);
        }
        return Confirmed.REGISTERED;
    }

    /// Has a meeting confirmed as soon as the database answers again: its server runs it, but the caller had to be told
    /// that nobody knows. If we die before, its claim runs out, and a poll or a create finds it.
    void confirmLater(
            Meeting mine, Recipe recipe, String internalId, long createTime, String answer) {
        unsettled.add(() -> confirm(new Opened(mine, recipe, internalId, createTime, answer)));
    }

    /// Notes what could not be noted while the database was away.
    void settle() {
        if (db.reach().isAway()) {
            return;
        }
        for (var next = unsettled.poll(); next != null; next = unsettled.poll()) {
            try {
                next.run();
            } catch (DatabaseAway e) {
                unsettled.add(next);
                return;
            } catch (RuntimeException e) {
                // Not the fault of who came by. What it was about is found when its claim runs out.
                LOG.atError().setCause(e).log("what came of a create could not be noted");
            }
        }
    }

    /// Gives a claim up, as soon as the database answers: one that nobody holds would keep others waiting until it
    /// runs out.
    ///
    /// @param delivery whether the attempt may have left the meeting on the server
    public void release(Meeting claimed, Delivery delivery) {
        try {
            giveUp(claimed, delivery);
        } catch (DatabaseAway e) {
            unsettled.add(() -> giveUp(claimed, delivery));
        }
    }

    private void giveUp(Meeting claimed, Delivery delivery) {
        db.write(tx -> {
            var now = clock.instant();
            if (delivery == Delivery.UNKNOWN) {
                noteLostAnswer(tx, claimed, now);
            }
            store.find(tx, claimed.key())
                    .filter(row -> isStillOurs(row, claimed))
                    .ifPresent(own -> giveUp(tx, own, now));
            return null;
        });
    }

    /// Notes that the server of a registered meeting may make it anew, now or later, without our hearing of it.
    void doubt(Meeting meeting) {
        db.write(tx -> {
            noteLostAnswer(tx, meeting, clock.instant());
            return null;
        });
    }

    /// What continues a lost meeting becomes lost again: somebody may open it later.
    private void giveUp(Tx tx, Meeting claim, Instant now) {
        if (claim.formers().isEmpty()) {
            drop(tx, claim, now);
        } else {
            store.setState(tx, claim.key(), Meeting.State.LOST, now.plus(LostMeetings.KEPT));
        }
    }

    private Recipe recipeIn(Tx tx, Meeting meeting, Recipe otherwise) {
        return store.recipe(tx, meeting.key()).orElse(otherwise);
    }

    /// A claim that somebody took over, or that a poll confirmed meanwhile, is no longer its holder's to hand on.
    private static boolean isStillOurs(Meeting row, Meeting claimed) {
        return row.claimId().equals(claimed.claimId()) && !row.isConfirmed();
    }

    /// Waits until the meeting's row changes, but not longer than told; not at all when it is no longer the one seen.
    public void awaitChange(Meeting seen, Duration within) throws InterruptedException {
        var change = waiting.computeIfAbsent(seen.key(), _ -> new CompletableFuture<>());
        boolean known = seen.equals(memory.get(seen.key()));
        try {
            if (known) {
                change.get(within.toNanos(), TimeUnit.NANOSECONDS);
            } else if (db.isShared()) {
                // Seen in the database, and memory will follow in a moment: no reason to ask
                // without a pause.
                change.get(Math.min(within.toNanos(), MOMENT.toNanos()), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException | ExecutionException e) {
            // The caller looks again either way.
        }
        if (!known) {
            // Nobody may come by to wake those who wait, or to clear this away.
            waiting.remove(seen.key(), change);
            change.complete(null);
        }
    }

    /// The meeting once it is confirmed; waits while somebody is creating it, but not longer than told.
    public Optional<Meeting> awaitConfirmed(Meeting seen, Duration within)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        var now = Optional.of(seen);
        for (long left = within.toNanos();
                now.isPresent() && !now.get().isConfirmed() && left > 0;
                left = deadline - System.nanoTime()) {
            awaitChange(now.get(), Duration.ofNanos(left));
            now = find(seen.key());
        }
        return now.filter(Meeting::isConfirmed);
    }

    /// Forgets a meeting that has ended.
    ///
    /// @param reason a short word for the history, such as `ended` or `gone`
    /// @return whether it was still registered
    public boolean ended(Meeting meeting, String reason) {
        return db.write(tx -> forget(tx, meeting, reason));
    }

    /// Forgets a meeting that we were asked to end and whose server agreed, may have, or is lost. It dies a little
    /// later there: until then its server must not count as running a new meeting of that id.
    public void endedByUs(Meeting meeting) {
        endedByUs(meeting, "ended", _ -> {});
    }

    /// The same for another reason, with what else the transaction does if the meeting was still registered.
    void endedByUs(Meeting meeting, String reason, Consumer<Tx> also) {
        db.write(tx -> {
            if (endedByUs(tx, meeting, reason)) {
                also.accept(tx);
            }
            return null;
        });
    }

    /// @return whether it was still registered
    private boolean endedByUs(Tx tx, Meeting meeting, String reason) {
        boolean was = forget(tx, meeting, reason);
        if (was) {
            store.endTwins(tx, meeting.key());
            noteStray(
                    tx,
                    meeting.server(),
                    meeting.key(),
                    meeting.internalId(),
                    Stray.Cause.ENDED,
                    clock.instant());
        }
        return was;
    }

    /// Forgets all meetings of a server, which are to be ended there, and gives the claims for it up.
    ///
    /// @return the meetings, as they were
    List<Meeting> clear(Tx tx, ServerId server, String reason) {
        var ended = new ArrayList<Meeting>();
        for (Meeting row : store.on(tx, server)) {
            if (row.state() == Meeting.State.CLAIMED) {
                noteLostAnswer(tx, row, clock.instant());
                giveUp(tx, row, clock.instant());
            } else if (endedByUs(tx, row, reason)) {
                ended.add(row);
            }
        }
        return ended;
    }

    /// Lets a server go with all its meetings: they are lost. What it may still run is remembered by its ids, should
    /// it come back.
    ///
    /// @return how many meetings were lost by that
    int leave(Tx tx, ServerId server) {
        var now = clock.instant();
        for (Stray stray : store.strays(tx, server)) {
            if (!stray.internalId().isEmpty()) {
                store.leave(
                        tx,
                        server,
                        keyOf(stray.scopedId()),
                        stray.internalId(),
                        stray.cause(),
                        now);
            }
        }
        for (Meeting row : store.on(tx, server)) {
            if (row.state() == Meeting.State.CLAIMED) {
                giveUp(tx, row, now);
            } else if (!row.internalId().isEmpty()) {
                store.leave(tx, server, row.key(), row.internalId(), Stray.Cause.ANSWER_LOST, now);
            }
        }
        return store.loseAllOn(tx, server, now.plus(LostMeetings.KEPT)).size();
    }

    /// Whether this very meeting was ended by us and is only dying on its server.
    boolean isDying(ServerId server, String scopedId, String internalId) {
        return db.read(session -> store.mustEnd(session, server, scopedId, internalId));
    }

    private boolean forget(Tx tx, Meeting meeting, String reason) {
        var now = clock.instant();
        var found =
                store.find(tx, meeting.key())
                        // A claim id alone does not tell the run that ended from one begun since.
                        .filter(row -> row.isSameRun(meeting));
        found.ifPresent(row -> {
            store.remember(tx, row, reason, now);
            drop(tx, row, now);
        });
        return found.isPresent();
    }

    private Optional<Meeting> parent(Meeting.Key room, Recipe recipe) {
        return recipe.said().get("isBreakout", "").equalsIgnoreCase("true")
                ? recipe.said()
                        .filled("parentMeetingID")
                        .map(id -> new Meeting.Key(room.tenant(), id))
                        .flatMap(parent -> known(parent).or(() -> knownInternally(parent)))
                : Optional.empty();
    }

    private MeetingStore.Found lookUp(Session session, Meeting.Key key, Instant now) {
        return store.lookUp(session, key, now.minus(Placing.HISTORY));
    }

    /// @param wanted the claim, which is no server's yet
    private Claim placed(
            Tx tx, Meeting wanted, MeetingStore.Found found, Recipe recipe, Instant now) {
        return switch (place(tx, wanted.key(), found, recipe, Set.of(), now)) {
            case Placement.Chosen chosen ->
                    new Claim.Won(insert(tx, wanted, recipe, chosen), recipe);
            case Placement.NoServer none -> new Claim.NoServer(none);
        };
    }

    private Meeting insert(Tx tx, Meeting wanted, Recipe recipe, Placement.Chosen chosen) {
        var meeting = on(chosen, wanted);
        store.insert(tx, meeting, recipe, chosen.why());
        return meeting;
    }

    /// Chooses a server for the meeting, which it then counts and reserves for.
    Placement place(Tx tx, Meeting.Key key, Recipe recipe, Set<ServerId> tried, Instant now) {
        return place(tx, key, lookUp(tx, key, now), recipe, tried, now);
    }

    private Placement place(
            Tx tx,
            Meeting.Key key,
            MeetingStore.Found found,
            Recipe recipe,
            Set<ServerId> tried,
            Instant now) {
        return parent(key, recipe)
                .map(parent -> placing.besideParent(tx, parent, tried, now))
                .orElseGet(() ->
                        placing.place(
                                tx, recipe.said(), found.peak(), tried, found.doubted(), now));
    }

    private Claim takeOver(
            Tx tx,
            Meeting abandoned,
            Meeting wanted,
            MeetingStore.Found found,
            Recipe recipe,
            Instant now) {
        noteLostAnswer(tx, abandoned, now); // what its dead holder asked for may come late
        var next = wanted.continuing(abandoned.formers());
        drop(tx, abandoned, now);
        var because = "an earlier create, whose caller died, had claimed it there";
        var again = placing.again(tx, abandoned, because, now);
        return again.isPresent()
                ? new Claim.Won(insert(tx, next, recipe, again.get()), recipe)
                : placed(tx, next, found, recipe, now);
    }

    /// Claims a lost meeting for a server that can be reached. Its own may come back with it: then there are twins.
    private Claim reopen(
            Tx tx,
            Meeting lost,
            Meeting wanted,
            MeetingStore.Found found,
            Recipe recipe,
            Instant now) {
        var whole = recipe.completedBy(store.answer(tx, lost.key()));
        return switch (place(tx, lost.key(), found, whole, Set.of(), now)) {
            case Placement.NoServer none -> new Claim.NoServer(none); // it stays as it was
            case Placement.Chosen chosen -> {
                noteTwin(tx, lost, now);
                // How it was created stays until somebody has created it so: what is asked for now
                // may be refused.
                var earlier = recipeIn(tx, lost, whole);
                drop(tx, lost, now);
                var next = wanted.continuing(lost.formersAndThis());
                var because = chosen.after("server %s lost it".formatted(lost.server()));
                yield new Claim.Won(insert(tx, next, earlier, because), whole);
            }
        };
    }

    /// A claim that is no server's yet.
    Meeting fresh(Meeting.Key key, Duration claimFor, Instant now) {
        return new Meeting(
                key,
                Meeting.NOWHERE,
                Meeting.State.CLAIMED,
                duties.self() + "-" + placing.newClaimId(),
                now.plus(claimFor),
                now,
                Instant.EPOCH,
                "",
                0,
                0,
                List.of());
    }

    private void drop(Tx tx, Meeting row, Instant now) {
        store.delete(tx, row.key());
        placing.giveBack(tx, row, now);
    }

    /// Marks the server as one that may yet run the meeting. While the meeting is registered on that very server,
    /// the mark rests.
    private void noteLostAnswer(Tx tx, Meeting claimed, Instant now) {
        noteStray(tx, claimed.server(), claimed.key(), "", Stray.Cause.ANSWER_LOST, now);
    }

    /// Marks the server as one that may still run a meeting that will be registered elsewhere.
    void noteTwin(Tx tx, Meeting left, Instant now) {
        noteStray(tx, left.server(), left.key(), left.internalId(), Stray.Cause.ANSWER_LOST, now);
    }

    void noteStray(
            Tx tx,
            ServerId server,
            Meeting.Key key,
            String internalId,
            Stray.Cause cause,
            Instant now) {
        if (placing.exists(tx, server)) {
            store.addStray(tx, new Stray(server, key.scopedId(), internalId, cause, now));
        } else if (!internalId.isEmpty()) {
            store.leave(tx, server, key, internalId, cause, now);
        }
    }

    Placing placing() {
        return placing;
    }

    Instant now() {
        return clock.instant();
    }

    MeetingStore store() {
        return store;
    }

    Database db() {
        return db;
    }

    /// Called by the change feed, never by two at a time.
    private void refresh(Map<String, Optional<Meeting>> rows) {
        rows.forEach((key, meeting) -> refresh(Meeting.Key.parse(key), meeting));
    }

    private void refresh(Meeting.Key key, Optional<Meeting> now) {
        var before = memory.get(key);
        now.ifPresentOrElse(this::put, () -> memory.remove(key));
        var after = memory.get(key);
        if (before != null && (after == null || !after.server().equals(before.server()))) {
            byServer.getOrDefault(before.server(), Set.of()).remove(key);
        }
        if (before != null && (after == null || !after.internalId().equals(before.internalId()))) {
            byInternalId.remove(before.internalId(), key);
        }
        var waiters = waiting.remove(key);
        if (waiters != null) {
            waiters.complete(null);
        }
        listener.changed(Optional.ofNullable(before), Optional.ofNullable(after));
    }

    private void put(Meeting read) {
        // Of equal keys the one is kept that the maps have: there may be a hundred thousand.
        var known = memory.get(read.key());
        var meeting = known == null ? read : read.under(known.key());
        memory.put(meeting.key(), meeting);
        byServer.computeIfAbsent(meeting.server(), _ -> ConcurrentHashMap.newKeySet())
                .add(meeting.key());
        if (!meeting.internalId().isEmpty()) {
            byInternalId.put(meeting.internalId(), meeting.key());
        }
    }
}
