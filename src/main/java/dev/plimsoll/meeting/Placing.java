// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.db.Tx;
import dev.plimsoll.db.Write;
import dev.plimsoll.placement.CapRule;
import dev.plimsoll.placement.Expectation;
import dev.plimsoll.placement.LoadModel;
import dev.plimsoll.placement.Occupancy;
import dev.plimsoll.placement.Placement;
import dev.plimsoll.placement.PlacementPolicy;
import dev.plimsoll.placement.PlacementSettings;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Places meetings within the transaction that claims them: asks the policy, and keeps each server's reservation.
///
/// The reservation is taken in the claim's own transaction, so that the next claim, a millisecond later, already
/// sees it: fifty creates in one second spread evenly.
public final class Placing {

    /// How long a room's last runs tell how large it will be.
    static final Duration HISTORY = Duration.ofDays(60);

    private final ServerPool pool;
    private final PlacementPolicy policy;
    private final LoadModel model;
    private final PlacementSettings settings;
    private final MeetingStore store = new MeetingStore();
    private final CapRule caps;
    private final RandomGenerator random;
    private final Trials trials = new Trials();

    public Placing(ServerPool pool, PlacementSettings settings, RandomGenerator random) {
        this.pool = pool;
        this.model = new LoadModel(settings);
        this.caps = new CapRule(model, settings);
        this.policy = new PlacementPolicy(model, caps);
        this.settings = settings;
        this.random = random;
    }

    /// Chooses a server, and gives it the meeting: reserves for it, and counts it among those of the minute.
    ///
    /// Chooses among the servers as they are remembered, since reading a thousand takes milliseconds. One that has
    /// changed meanwhile is not given the meeting, but seen anew; so nothing is given to a server that has no room.
    ///
    /// @param peak most people in the room's last runs
    /// @param tried servers that must not get it
    /// @param avoided servers that get it only if no other can take it
    Placement place(
            Tx tx,
            Params params,
            int peak,
            Set<ServerId> tried,
            Set<ServerId> avoided,
            Instant now) {
        var wish = wish(params, peak, tried, avoided, now);
        var servers = pool.remembered(tx);
        while (choose(tx, wish, servers.values()) instanceof Placement.Chosen chosen) {
            if (tx.does(reservation(chosen, now))) {
                return begun(chosen, now);
            }
            var id = chosen.server().id();
            servers.remove(id);
            pool.find(tx, id).ifPresent(server -> servers.put(id, server));
        }
        // None can take it; but perhaps one has room by now.
        var placement = choose(tx, wish, pool.servers(tx));
        return placement instanceof Placement.Chosen chosen
                ? begun(taken(tx, chosen, now), now)
                : placement;
    }

    /// A server for a new meeting.
    ///
    /// @param reservation does nothing if the server has changed meanwhile
    record Offer(Placement.Chosen chosen, Write reservation) {}

    /// Chooses among the servers as they are remembered; empty where nobody can take the meeting, as it looks, or where
    /// that depends on other meetings, which only the database knows.
    Optional<Offer> offer(Tx tx, Params params, int peak, Instant now) {
        var wish = wish(params, peak, Set.of(), Set.of(), now);
        var servers = List.copyOf(pool.remembered(tx).values());
        return !wish.expected.isBig(settings)
                        && mostMeetings(servers).isEmpty()
                        && choose(wish, servers, Occupancy.NONE) instanceof Placement.Chosen chosen
                ? Optional.of(new Offer(begun(chosen, now), reservation(chosen, now)))
                : Optional.empty();
    }

    private Placement.Chosen begun(Placement.Chosen chosen, Instant now) {
        trials.begun(chosen.server().id(), now);
        return chosen;
    }

    /// @param doubted servers where creates failed lately
    private record Wish(
            Expectation expected,
            Set<ServerId> tried,
            Set<ServerId> avoided,
            Set<ServerId> doubted,
            Instant now,
            int dice) {}

    private Wish wish(
            Params params, int peak, Set<ServerId> tried, Set<ServerId> avoided, Instant now) {
        return new Wish(
                Expectation.of(params, peak, settings),
                tried,
                avoided,
                trials.avoided(now),
                now,
                random.nextInt());
    }

    private Placement.Chosen taken(Tx tx, Placement.Chosen chosen, Instant now) {
        if (!tx.does(reservation(chosen, now))) {
            throw new IllegalStateException(
                    "server %s changed while nobody else could write"
                            .formatted(chosen.server().id()));
        }
        return chosen;
    }

    private Write reservation(Placement.Chosen chosen, Instant now) {
        var server = chosen.server();
        return pool.taking(server, reserved(server, chosen.reservation(), now), now);
    }

    private Placement choose(Tx tx, Wish wish, Collection<Server> all) {
        var servers = List.copyOf(all);
        return choose(
                wish,
                servers,
                new Occupancy(meetingsOn(tx, servers), big(tx, servers, wish.expected)));
    }

    private Placement choose(Wish wish, List<Server> servers, Occupancy occupancy) {
        var better =
                Stream.of(wish.tried, wish.avoided, wish.doubted)
                        .flatMap(Set::stream)
                        .collect(Collectors.toUnmodifiableSet());
        var placement =
                policy.place(
                        wish.expected, servers, occupancy, better, Set.of(), wish.now, wish.dice);
        return placement instanceof Placement.NoServer
                // Of these rather one that is slow than one where an earlier attempt may still
                // live.
                ? policy.place(
                        wish.expected,
                        servers,
                        occupancy,
                        wish.tried,
                        wish.avoided,
                        wish.now,
                        wish.dice)
                : explained(placement, servers, wish.doubted);
    }

    /// An operator may wonder why a server that is online gets nothing.
    private static Placement explained(
            Placement placement, List<Server> servers, Set<ServerId> doubted) {
        String passedOver =
                servers.stream()
                        .filter(Server::takesNewMeetings)
                        .map(Server::id)
                        .filter(doubted::contains)
                        .map(ServerId::value)
                        .collect(Collectors.joining(", "));
        return placement instanceof Placement.Chosen chosen && !passedOver.isEmpty()
                ? chosen.after("passed over, since creates failed there: " + passedOver)
                : placement;
    }

    /// Which servers have yet to show that they create meetings.
    Trials trials() {
        return trials;
    }

    /// Meetings on the servers that have a limit of them. Lost ones do not count, but counting them all is so much
    /// cheaper that they are told apart only where it matters.
    private Map<ServerId, Integer> meetingsOn(Tx tx, List<Server> servers) {
        var limits = mostMeetings(servers);
        if (limits.isEmpty()) {
            return Map.of();
        }
        var all = store.countsWithLost(tx);
        all.keySet().retainAll(limits.keySet());
        all.replaceAll(
                (id, count) -> count < limits.getOrDefault(id, 0) ? count : store.countOn(tx, id));
        return all;
    }

    /// For the servers that have such a limit.
    private Map<ServerId, Integer> mostMeetings(List<Server> servers) {
        Map<ServerId, Integer> limits = new HashMap<>();
        for (Server server : servers) {
            int limit = caps.caps(server).meetings();
            if (limit > 0) {
                limits.put(server.id(), limit);
            }
        }
        return limits;
    }

    /// The servers that a big meeting should keep away from.
    private Set<ServerId> big(Tx tx, List<Server> servers, Expectation expected) {
        if (!expected.isBig(settings)) {
            return Set.of();
        }
        var big = new HashSet<>(store.serversWithReservation(tx, settings.bigMeeting()));
        servers.stream()
                .filter(server -> server.load().largest() >= settings.bigMeeting())
                .forEach(server -> big.add(server.id()));
        return big;
    }

    /// A breakout room that a frontend opens runs where its parent runs, and brings no people of its own.
    // BBB: the parent must run on the same server, or the create is refused
    Placement besideParent(Tx tx, Meeting parent, Set<ServerId> tried, Instant now) {
        var server = pool.find(tx, parent.server()).filter(Server::takesJoins);
        return server.isPresent() && !tried.contains(parent.server())
                ? taken(
                        tx,
                        new Placement.Chosen(server.get(), 0, "its parent meeting runs there"),
                        now)
                : new Placement.NoServer(
                        Map.of(parent.server(), "runs the parent meeting, but cannot be reached"));
    }

    /// On a server that a person chose, whatever the policy would say.
    Placement on(Tx tx, ServerId id, Params params, Instant now) {
        return pool.find(tx, id)
                .<Placement>map(server ->
                        taken(
                                tx,
                                new Placement.Chosen(
                                        server,
                                        Expectation.of(params, settings).users(),
                                        "somebody chose it"),
                                now))
                .orElseGet(() -> new Placement.NoServer(Map.of(id, "is not in the pool")));
    }

    /// The server that listed a breakout room of that id at its last poll. Rooms are opened without us.
    Optional<ServerId> serverOfRoom(String id) {
        return pool.serverOfRoom(id);
    }

    /// On a server that had it before, if that takes new meetings.
    Optional<Placement.Chosen> again(Tx tx, Meeting before, String why, Instant now) {
        var chosen =
                pool.find(tx, before.server())
                        .filter(Server::takesNewMeetings)
                        .map(server -> new Placement.Chosen(server, before.reservation(), why));
        chosen.ifPresent(choice -> taken(tx, choice, now));
        return chosen;
    }

    /// Adds what is left of a meeting's reservation to its server's.
    void reserve(Tx tx, Meeting meeting, Instant now) {
        shift(tx, meeting, 1, now);
    }

    /// Takes back what is left of a meeting's reservation.
    void giveBack(Tx tx, Meeting meeting, Instant now) {
        shift(tx, meeting, -1, now);
    }

    private void shift(Tx tx, Meeting meeting, int sign, Instant now) {
        double left =
                model.decayed(meeting.reservation(), Duration.between(meeting.claimedAt(), now));
        pool.find(tx, meeting.server())
                .ifPresent(server ->
                        pool.reserve(tx, server, reserved(server, sign * left, now), now));
    }

    /// What is reserved on the server once so much is added.
    private double reserved(Server server, double more, Instant now) {
        return Math.max(0, model.reserved(server.load(), now) + more);
    }

    /// Whether meetings may run there at all.
    boolean mayRun(Tx tx, ServerId id) {
        return pool.find(tx, id)
                .filter(server -> server.admission() != Admission.DISABLED)
                .isPresent();
    }

    /// Reads a server that is not as it is remembered, for what follows in the transaction.
    void lookAgain(Tx tx, ServerId id) {
        pool.find(tx, id);
    }

    boolean exists(Tx tx, ServerId id) {
        return pool.find(tx, id).isPresent();
    }

    /// No other is the same, and it is short: a hundred thousand are in memory.
    String newClaimId() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
