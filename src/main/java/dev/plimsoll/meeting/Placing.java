// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.db.Tx;
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
import java.util.ArrayList;
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
    private static final Duration HISTORY = Duration.ofDays(60);

    /// So many servers are read as quickly as one or two.
    private static final int FEW = 8;

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

    Placement place(
            Tx tx,
            Meeting.Key key,
            Params params,
            Set<ServerId> tried,
            Set<ServerId> avoided,
            Instant now) {
        int peak = store.recentPeak(tx, key, now.minus(HISTORY));
        var expected = Expectation.of(params, peak, settings);
        var wish = new Wish(expected, tried, avoided, trials.avoided(now), now, random.nextInt());
        var placement = place(tx, wish);
        if (placement instanceof Placement.Chosen chosen) {
            trials.begun(chosen.server().id(), now);
        }
        return placement;
    }

    /// @param doubted servers where creates failed lately
    private record Wish(
            Expectation expected,
            Set<ServerId> tried,
            Set<ServerId> avoided,
            Set<ServerId> doubted,
            Instant now,
            int dice) {}

    /// Of many servers, chooses among them as they are remembered, since reading a thousand takes milliseconds. What was
    /// chosen must be as the transaction sees it, or it is seen anew; so nothing is given to a server that has no room.
    private Placement place(Tx tx, Wish wish) {
        if (pool.servers().size() > FEW) {
            var servers = new ArrayList<>(pool.servers());
            while (place(tx, wish, servers) instanceof Placement.Chosen chosen) {
                var id = chosen.server().id();
                var row = pool.find(tx, id);
                if (row.filter(chosen.server()::equals).isPresent()) {
                    return chosen;
                }
                servers.removeIf(server -> server.id().equals(id));
                row.ifPresent(servers::add);
            }
            // None can take it; but perhaps one has room by now.
        }
        return place(tx, wish, pool.servers(tx));
    }

    private Placement place(Tx tx, Wish wish, List<Server> servers) {
        var occupancy = new Occupancy(meetingsOn(tx, servers), big(tx, servers, wish.expected));
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
        Map<ServerId, Integer> limits = new HashMap<>();
        for (Server server : servers) {
            int limit = caps.caps(server).meetings();
            if (limit > 0) {
                limits.put(server.id(), limit);
            }
        }
        if (limits.isEmpty()) {
            return Map.of();
        }
        var all = store.countsWithLost(tx);
        all.keySet().retainAll(limits.keySet());
        all.replaceAll(
                (id, count) -> count < limits.getOrDefault(id, 0) ? count : store.countOn(tx, id));
        return all;
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
    Placement besideParent(Tx tx, Meeting parent, Set<ServerId> tried) {
        var server = pool.find(tx, parent.server()).filter(Server::takesJoins);
        return server.isPresent() && !tried.contains(parent.server())
                ? new Placement.Chosen(server.get(), 0, "its parent meeting runs there")
                : new Placement.NoServer(
                        Map.of(parent.server(), "runs the parent meeting, but cannot be reached"));
    }

    /// On a server that a person chose, whatever the policy would say.
    Placement on(Tx tx, ServerId id, Params params) {
        return pool.find(tx, id)
                .<Placement>map(server ->
                        new Placement.Chosen(
                                server,
                                Expectation.of(params, settings).users(),
                                "somebody chose it"))
                .orElseGet(() -> new Placement.NoServer(Map.of(id, "is not in the pool")));
    }

    /// The server that listed a breakout room of that id at its last poll. Rooms are opened without us.
    Optional<ServerId> serverOfRoom(String id) {
        return pool.serverOfRoom(id);
    }

    /// Gives a server a meeting that was placed there: reserves, and counts it among those of the minute.
    ///
    /// @param server as the transaction sees it
    void take(Tx tx, Server server, Meeting meeting, Instant now) {
        pool.take(tx, server, reserved(server, meeting, 1, now), now);
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
        pool.find(tx, meeting.server())
                .ifPresent(server ->
                        pool.reserve(tx, server.id(), reserved(server, meeting, sign, now), now));
    }

    /// What is reserved on the server once the meeting's share is added or taken away.
    private double reserved(Server server, Meeting meeting, int sign, Instant now) {
        double share =
                model.decayed(meeting.reservation(), Duration.between(meeting.claimedAt(), now));
        return Math.max(0, model.reserved(server.load(), now) + sign * share);
    }

    /// The server, if it takes new meetings.
    Optional<Server> taker(Tx tx, ServerId id) {
        return pool.find(tx, id).filter(Server::takesNewMeetings);
    }

    /// Whether meetings may run there at all.
    boolean mayRun(Tx tx, ServerId id) {
        return pool.find(tx, id)
                .filter(server -> server.admission() != Admission.DISABLED)
                .isPresent();
    }

    boolean exists(Tx tx, ServerId id) {
        return pool.find(tx, id).isPresent();
    }

    String newClaimId() {
        return HexFormat.of().toHexDigits(random.nextLong())
                + HexFormat.of().toHexDigits(random.nextLong());
    }
}
