// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.MeetingsReply;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.Tx;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
    private final ServerStore store = new ServerStore();
    private final Map<ServerId, LastAnswer> answers = new ConcurrentHashMap<>();
    private final Map<ServerId, Set<String>> rooms = new ConcurrentHashMap<>();
    private volatile Map<ServerId, Server> snapshot = Map.of();

    public ServerPool(Database db, Clock clock, HealthRule rule) {
        this.db = db;
        this.clock = clock;
        this.rule = rule;
    }

    /// Loads the snapshot and follows the changes from now on.
    public void start() {
        db.listen(ServerStore.TOPIC, key -> refresh(new ServerId(key)));
        db.write(tx -> {
            snapshot = index(store.all(tx));
            return null;
        });
    }

    /// All servers, by id. A snapshot: it does not change while you look at it.
    public Collection<Server> servers() {
        return snapshot.values();
    }

    /// One server.
    public Optional<Server> find(ServerId id) {
        return Optional.ofNullable(snapshot.get(id));
    }

    /// All servers as the transaction sees them, their reservations included: for placing a meeting.
    public List<Server> servers(Tx tx) {
        return store.all(tx);
    }

    /// One server as the transaction sees it.
    public Optional<Server> find(Tx tx, ServerId id) {
        return store.find(tx, id);
    }

    /// What the server listed at its last usable poll.
    public LastAnswer lastAnswer(ServerId id) {
        return answers.computeIfAbsent(
                id,
                key ->
                        db.read(session -> store.answer(session, key))
                                .map(LastAnswer::new)
                                .orElse(LastAnswer.EMPTY));
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
            store.insert(tx, server, rule.successesUntilOnline() - 1, clock.instant());
            return new ServerChange.Done(server);
        });
    }

    /// Changes what people set on a server: address, secret, weight, tags.
    public ServerChange change(ServerId id, UnaryOperator<Server> change) {
        return change(id, change, _ -> Optional.empty());
    }

    /// Sets what is allowed on a server that nothing speaks against.
    public ServerChange admit(ServerId id, Admission admission) {
        return admit(id, admission, _ -> Optional.empty());
    }

    /// Changes what people set on a server: address, secret, weight, tags, admission.
    ///
    /// @param change from the server as it is to the server as wished
    /// @param objection why the transaction must not do this, if so
    public ServerChange change(
            ServerId id, UnaryOperator<Server> change, Function<Tx, Optional<String>> objection) {
        return db.write(tx -> {
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
            LOG.atInfo()
                    .addKeyValue("server", id)
                    .addKeyValue("admission", after.admission().word())
                    .log("a server was changed");
            return new ServerChange.Done(after);
        });
    }

    /// Sets what is allowed on a server; everything but disabling is always possible.
    public ServerChange admit(
            ServerId id, Admission admission, Function<Tx, Optional<String>> objection) {
        return change(
                id,
                server ->
                        new Server(
                                server.id(),
                                server.endpoint(),
                                server.weight(),
                                server.tags(),
                                admission,
                                server.health(),
                                server.load(),
                                server.version(),
                                server.polledAt()),
                objection);
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
            return new ServerChange.Done(before.get());
        });
    }

    /// A usable poll: health, load and what to fill in with.
    void polled(ServerId id, MeetingsReply.Meetings meetings, String version) {
        var answer = LastAnswer.of(meetings.list());
        boolean fresh = !answer.sameAs(lastAnswer(id));
        List<SeenMeeting> seen = meetings.seen();
        Health[] change = new Health[2];
        db.write(tx -> {
            store.find(tx, id)
                    .ifPresent(server -> {
                        var now = clock.instant();
                        change[0] = server.health();
                        change[1] = rule.answered(server.health());
                        store.updateSeen(
                                tx,
                                id,
                                Load.of(seen, server.load().reserved(), server.load().reservedAt()),
                                version,
                                now);
                        if (!change[1].equals(change[0])) {
                            store.updateHealth(tx, id, change[1], now);
                        }
                        if (fresh) {
                            store.keepAnswer(tx, id, answer.packed());
                            answers.put(id, answer); // here, lest the server is removed meanwhile
                        }
                    });
            return null;
        });
        noteRooms(id, seen);
        report(id, change[0], change[1]);
    }

    /// A poll or a call that the server failed to answer.
    ///
    /// @param reason in an operator's words, such as `refuses connections`
    public void failed(ServerId id, String reason) {
        Health[] change = new Health[2];
        db.write(tx -> {
            store.find(tx, id)
                    .ifPresent(server -> {
                        var now = clock.instant();
                        change[0] = server.health();
                        change[1] = rule.failed(server.health(), reason, now);
                        if (!change[1].equals(change[0])) {
                            store.updateHealth(tx, id, change[1], now);
                        }
                    });
            return null;
        });
        report(id, change[0], change[1]);
    }

    private static void report(ServerId id, @Nullable Health before, @Nullable Health after) {
        if (before == null || after == null || before.word().equals(after.word())) {
            return;
        }
        String reason =
                switch (after) {
                    case Health.Online() -> "";
                    case Health.Unstable(_, _, String why) -> why;
                    case Health.Offline(_, String why, _) -> why;
                };
        (after instanceof Health.Online ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("server", id)
                .addKeyValue("from", before.word())
                .addKeyValue("to", after.word())
                .addKeyValue("reason", reason)
                .log("a server's health changed");
    }

    /// Adds to a server's reservation, or takes from it, in the transaction that claims or releases a meeting.
    ///
    /// @param standing what is left of the present reservation at `now`
    public void reserve(Tx tx, ServerId id, double standing, double more, Instant now) {
        store.updateReserved(tx, id, Math.max(0, standing + more), now);
    }

    /// Called by the change feed, one change after the other.
    private void refresh(ServerId id) {
        var changed = new TreeMap<>(snapshot);
        db.read(session -> store.find(session, id))
                .ifPresentOrElse(
                        server -> changed.put(id, server),
                        () -> {
                            changed.remove(id);
                            answers.remove(id);
                            rooms.remove(id);
                        });
        snapshot = java.util.Collections.unmodifiableMap(changed);
    }

    private static Map<ServerId, Server> index(List<Server> servers) {
        var index = new TreeMap<ServerId, Server>();
        servers.forEach(server -> index.put(server.id(), server));
        return java.util.Collections.unmodifiableMap(index);
    }

    Instant now() {
        return clock.instant();
    }
}
