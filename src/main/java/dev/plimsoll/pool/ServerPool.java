// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.MeetingsReply;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.Tx;
import dev.plimsoll.db.Write;
import dev.plimsoll.event.EventLog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The servers of the pool, and everything that changes them.
///
/// The database is the truth. Memory holds an immutable snapshot, renewed by the change feed after each commit, so
/// that reading it costs nothing. Thread-safe.
public final class ServerPool {

    private static final Logger LOG = LoggerFactory.getLogger(ServerPool.class);

    private final Database db;
    private final Clock clock;
    private final HealthRule rule;
    private final ServerStore store;
    private final EventLog events;
    private final Map<ServerId, LastAnswer> answers = new ConcurrentHashMap<>();
    private final Map<ServerId, Set<String>> rooms = new ConcurrentHashMap<>();
    private final Map<ServerId, Long> heardAt = new ConcurrentHashMap<>();
    private volatile NavigableMap<ServerId, Server> snapshot = Collections.emptyNavigableMap();
    private volatile HealthListener listener = (_, _, _) -> {};
    private volatile Consumer<ServerId> alarm = _ -> {};

    public ServerPool(Database db, Clock clock, HealthRule rule, EventLog events) {
        this.db = db;
        this.clock = clock;
        this.rule = rule;
        this.events = events;
        this.store = new ServerStore(rule);
    }

    /// Sets who hears when a server's health changes, before [#start].
    public void listen(HealthListener hears) {
        listener = hears;
    }

    /// Asks for a poll of the server as soon as possible: something is strange about it.
    public void askSoon(ServerId id) {
        alarm.accept(id);
    }

    /// Sets who looks at a server at once when a call to it failed.
    void onAlarm(Consumer<ServerId> looks) {
        alarm = looks;
    }

    /// Loads the snapshot and follows the changes from now on.
    public void start() {
        db.listen(ServerStore.TOPIC, store::announced, this::refresh);
        db.onGap(this::rebuild); // before loading, lest a gap in between is overlooked
        // Else what another instance tells in this moment could put back a snapshot without the
        // rest.
        db.exclusively(() -> snapshot = index(stored()));
        if (db.isShared()) {
            db.listen(
                    ServerStore.ANSWERS,
                    rows ->
                            rows.forEach((key, written) -> {
                                // Else we have polled it ourselves, and keep what it said.
                                if (written.isEmpty()) {
                                    polledElsewhere(ServerId.stored(key));
                                }
                            }));
        }
    }

    private void polledElsewhere(ServerId id) {
        answers.remove(id);
        noteRooms(id, lastAnswer(id).meetings().stream().map(MeetingsReply.Listed::seen).toList());
    }

    private void rebuild() {
        snapshot = index(stored());
        answers.clear();
        snapshot.keySet().forEach(this::polledElsewhere);
    }

    private NavigableMap<ServerId, Server> present() {
        return db.fresh(() -> snapshot, session -> index(store.all(session)));
    }

    /// All servers, by id. A snapshot: it does not change while you look at it.
    public Collection<Server> servers() {
        return present().values();
    }

    /// All servers as the database has them.
    public List<Server> stored() {
        return db.read(store::all);
    }

    /// One server.
    public Optional<Server> find(ServerId id) {
        return Optional.ofNullable(present().get(id));
    }

    /// All servers as the transaction sees them, their reservations included.
    public List<Server> servers(Tx tx) {
        return store.all(tx);
    }

    /// All servers as they are remembered, with what the transaction has changed of them; a copy. Another instance may
    /// have changed them as well, as [#taking] will tell.
    public Map<ServerId, Server> remembered(Tx tx) {
        var servers = new TreeMap<>(snapshot);
        for (String key : tx.touched(ServerStore.TOPIC)) {
            var id = ServerId.stored(key);
            find(tx, id)
                    .ifPresentOrElse(server -> servers.put(id, server), () -> servers.remove(id));
        }
        return servers;
    }

    /// One server as the transaction sees it.
    public Optional<Server> find(Tx tx, ServerId id) {
        return tx.known(ServerStore.TOPIC, id.value())
                .or(() ->
                        store.find(tx, id)
                                .map(server -> tx.keep(ServerStore.TOPIC, id.value(), server)));
    }

    /// What the server listed at its last usable poll.
    public LastAnswer lastAnswer(ServerId id) {
        try {
            return answers.computeIfAbsent(
                    id,
                    key ->
                            db.read(session -> store.answer(session, key))
                                    .map(LastAnswer::new)
                                    .orElse(LastAnswer.EMPTY));
        } catch (DatabaseAway e) {
            return LastAnswer.EMPTY; // it only fills gaps, and is no reason to fail
        }
    }

    /// The server that listed a breakout room of that id, its own or the server's, at its last poll.
    public Optional<ServerId> serverOfRoom(String id) {
        return rooms.entrySet().stream()
                .filter(entry -> entry.getValue().contains(id))
                .map(Map.Entry::getKey)
                .filter(snapshot::containsKey)
                .findFirst();
    }

    private void noteRooms(ServerId id, List<SeenMeeting> seen) {
        rooms.put(
                id,
                seen.stream()
                        .filter(SeenMeeting::breakout)
                        .flatMap(room -> Stream.of(room.meetingId(), room.internalId()))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// Adds a server.
    public ServerChange add(Server server) {
        return db.write(tx -> {
            if (store.find(tx, server.id()).isPresent()) {
                return new ServerChange.Rejected(
                        "there is already a server with the id " + server.id());
            }
            if (store.isAddressTaken(tx, server.endpoint().api(), server.id())) {
                return new ServerChange.Rejected("there is already a server with this address");
            }
            store.insert(tx, server, clock.instant());
            events.note(
                    tx,
                    "server-added",
                    server.id().value(),
                    "%s, weight %s".formatted(server.admission().word(), number(server.weight())));
            return new ServerChange.Done(server);
        });
    }

    /// Changes what people set on a server: address, secret, weight, tags, caps.
    public ServerChange change(ServerId id, UnaryOperator<Server> change) {
        return change(id, change, _ -> Optional.empty());
    }

    /// Sets what is allowed on a server that nothing speaks against.
    public ServerChange admit(ServerId id, Admission admission) {
        return admit(id, admission, _ -> Optional.empty());
    }

    /// Changes what people set on a server: address, secret, weight, tags, caps, admission.
    ///
    /// @param change from the server as it is to the server as wished
    /// @param objection why the transaction must not do this, if so
    public ServerChange change(
            ServerId id, UnaryOperator<Server> change, Function<Tx, Optional<String>> objection) {
        return db.write(tx -> change(tx, id, change, objection));
    }

    private ServerChange change(
            Tx tx,
            ServerId id,
            UnaryOperator<Server> change,
            Function<Tx, Optional<String>> objection) {
        var before = store.find(tx, id);
        if (before.isEmpty()) {
            return new ServerChange.Unknown(id);
        }
        var after = change.apply(before.get());
        if (after.equals(before.get())) {
            return new ServerChange.Unchanged(after);
        }
        if (store.isAddressTaken(tx, after.endpoint().api(), id)) {
            return new ServerChange.Rejected("there is already a server with this address");
        }
        var objected = objection.apply(tx);
        if (objected.isPresent()) {
            return new ServerChange.Rejected(objected.get());
        }
        store.updateWishes(tx, after);
        noteWishes(tx, before.get(), after);
        LOG.atInfo()
                .addKeyValue("server", id)
                .addKeyValue("admission", after.admission().word())
                .log("a server was changed");
        return new ServerChange.Done(after);
    }

    /// Sets what is allowed on a server; everything but disabling is always possible.
    public ServerChange admit(
            ServerId id, Admission admission, Function<Tx, Optional<String>> objection) {
        return change(id, server -> server.admitted(admission), objection);
    }

    /// Sets what is allowed on a server in the transaction that makes it so.
    public ServerChange admit(Tx tx, ServerId id, Admission admission) {
        return change(tx, id, server -> server.admitted(admission), _ -> Optional.empty());
    }

    /// Takes a server out of the pool.
    public ServerChange remove(ServerId id, Function<Tx, Optional<String>> objection) {
        return db.write(tx -> {
            var before = store.find(tx, id);
            if (before.isEmpty()) {
                return new ServerChange.Unknown(id);
            }
            var objected = objection.apply(tx);
            if (objected.isPresent()) {
                return new ServerChange.Rejected(objected.get());
            }
            store.delete(tx, id);
            events.note(tx, "server-removed", id.value(), "");
            return new ServerChange.Done(before.get());
        });
    }

    private void noteWishes(Tx tx, Server before, Server after) {
        String id = after.id().value();
        if (before.admission() != after.admission()) {
            events.note(
                    tx,
                    "server-" + after.admission().word(),
                    id,
                    "was " + before.admission().word());
        }
        String changed = before.differences(after);
        if (!changed.isEmpty()) {
            events.note(tx, "server-changed", id, changed);
        }
    }

    private static String number(double number) {
        return String.valueOf(number).replaceAll("\\.0$", "");
    }

    /// A good poll: health, load and what to fill in with.
    void polled(ServerId id, List<SeenMeeting> seen, LastAnswer answer, String version) {
        boolean fresh = !answer.sameAs(lastAnswer(id));
        update(
                id,
                (tx, server) -> {
                    store.updateSeen(
                            tx,
                            server,
                            Load.of(seen, server.load().reserved(), server.load().reservedAt()),
                            version,
                            millis(clock.instant()));
                    if (fresh) {
                        store.keepAnswer(tx, id, answer);
                    }
                    answers.put(id, answer); // here, lest the server is removed meanwhile
                    return rule.answered(server.health());
                });
        noteRooms(id, seen);
    }

    /// A poll, or a knock, that the server failed to answer.
    void unanswered(ServerId id, Failure failure) {
        var advised = advised(id, failure);
        update(id, (_, server) -> rule.failed(server.health(), advised, clock.instant()));
    }

    /// A call that the server failed to answer: it takes no new meetings until polls have found it well.
    public void failed(ServerId id, Failure failure) {
        var before = snapshot.get(id);
        var advised = advised(id, failure);
        if (before == null || rule.callFailed(before.health(), advised).equals(before.health())) {
            return;
        }
        note(id, health -> rule.callFailed(health, advised)).ifPresent(_ -> alarm.accept(id));
    }

    /// A call that the server answered as it should, be it by a no. Costs nothing while the server is online.
    public void answered(ServerId id) {
        heard(id);
        var before = snapshot.get(id);
        if (before != null && !rule.callAnswered(before.health()).equals(before.health())) {
            note(id, rule::callAnswered);
        }
    }

    /// What a call tells of a server is no reason for that call to fail: while the database is away, it is not noted.
    private Optional<News> note(ServerId id, UnaryOperator<Health> step) {
        try {
            return update(id, (_, server) -> step.apply(server.health()));
        } catch (DatabaseAway e) {
            LOG.atDebug()
                    .addKeyValue("server", id)
                    .setCause(e)
                    .log("what a call tells of a server is not noted");
            return Optional.empty();
        }
    }

    /// Notes that the server has just given a sign of life.
    void heard(ServerId id) {
        heardAt.put(id, System.nanoTime());
    }

    /// When the server last gave a sign of life, as [System#nanoTime] counts; empty when it never did.
    OptionalLong heardAt(ServerId id) {
        var at = heardAt.get(id);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    /// A secret is set here, and only here is the server's name known.
    private static Failure advised(ServerId id, Failure failure) {
        return failure.trouble() == Trouble.SECRET
                ? new Failure(
                        Trouble.SECRET,
                        "%s; `plimsoll servers set %s --secret-stdin` sets the right one"
                                .formatted(failure.reason(), id))
                : failure;
    }

    /// A change of one server's health, as it was and as it is.
    private record News(Server before, Server after) {

        boolean isWord() {
            return !before.health().word().equals(after.health().word());
        }

        /// Also when a server that is not online turns out to wait for an operator.
        boolean isEvent() {
            var trouble = after.health().trouble();
            return isWord() || (trouble.needsAnOperator() && trouble != before.health().trouble());
        }
    }

    /// Changes a server's health, and tells of it; empty when the word stays.
    ///
    /// @param step what else the transaction does, and the health after it
    private Optional<News> update(ServerId id, BiFunction<Tx, Server, Health> step) {
        var news = db.write(tx -> find(tx, id).map(server -> change(tx, server, step)));
        news.filter(News::isEvent).ifPresent(ServerPool::report);
        return news.filter(News::isWord);
    }

    private News change(Tx tx, Server before, BiFunction<Tx, Server, Health> step) {
        var health = step.apply(tx, before);
        if (health.equals(before.health())) {
            return new News(before, before);
        }
        store.updateHealth(tx, before.id(), health, clock.instant());
        var news = new News(before, store.find(tx, before.id()).orElseThrow());
        if (news.isEvent()) {
            events.note(tx, "server-" + health.word(), before.id().value(), health.reason());
        }
        if (news.isWord()) {
            listener.changed(tx, before, news.after());
        }
        return news;
    }

    private static void report(News news) {
        var health = news.after().health();
        (health instanceof Health.Online ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("server", news.after().id())
                .addKeyValue("from", news.before().health().word())
                .addKeyValue("to", health.word())
                .addKeyValue("reason", health.reason())
                .log("a server's health changed");
    }

    /// Changes a server's reservation, in the transaction that releases a meeting.
    ///
    /// @return whether the server was still as given; if not, nothing is changed
    public boolean reserve(Tx tx, Server server, double reserved, Instant now) {
        return tx.does(ServerStore.reserving(server, reserved, server.intake(), millis(now)));
    }

    /// Gives a server a new meeting: counts it, and changes the reservation. Does nothing if the server is not as given.
    public Write taking(Server server, double reserved, Instant now) {
        var at = millis(now);
        return ServerStore.reserving(server, reserved, server.intake().next(at), at);
    }

    /// As the database keeps it.
    private static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /// Called by the change feed, never by two at a time.
    private void refresh(Map<String, Optional<Server>> rows) {
        var changed = new TreeMap<>(snapshot); // a sorted map is copied without comparing
        rows.forEach((key, now) -> {
            var id = ServerId.stored(key);
            now.ifPresentOrElse(
                    server -> changed.put(id, server),
                    () -> {
                        changed.remove(id);
                        answers.remove(id);
                        rooms.remove(id);
                        heardAt.remove(id);
                    });
        });
        snapshot = Collections.unmodifiableNavigableMap(changed);
    }

    private static NavigableMap<ServerId, Server> index(List<Server> servers) {
        var index = new TreeMap<ServerId, Server>();
        servers.forEach(server -> index.put(server.id(), server));
        return Collections.unmodifiableNavigableMap(index);
    }

    Instant now() {
        return clock.instant();
    }
}
