// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Chooses the server for a new meeting: the one that will be least loaded once it has the meeting, ties at random.
///
/// A pure function of its arguments: no clock, no I/O, no state. That is what lets the property tests run
/// thousands of cases a second, and what makes a replay of last Monday possible.
public final class PlacementPolicy {

    /// Loads that differ by less count as equal: what a few milliseconds of decay make must not decide.
    private static final double TIE = 0.01;

    private final LoadModel model;
    private final CapRule caps;

    public PlacementPolicy(LoadModel model, CapRule caps) {
        this.model = model;
        this.caps = caps;
    }

    /// @param excluded servers that must not get it, because they just failed to create it
    /// @param avoided servers that get it only if no other can, because an earlier attempt may still live there
    /// @param dice decides ties: any number, evenly distributed
    public Placement place(
            Expectation expected,
            List<Server> servers,
            Occupancy occupancy,
            Set<ServerId> excluded,
            Set<ServerId> avoided,
            Instant now,
            int dice) {
        var candidates = new ArrayList<Server>();
        Map<ServerId, String> reasons = new LinkedHashMap<>();
        for (Server server : servers) {
            rejection(server, excluded)
                    .or(() -> full(server, expected, occupancy, now))
                    .ifPresentOrElse(
                            reason -> reasons.put(server.id(), reason),
                            () -> candidates.add(server));
        }
        if (candidates.isEmpty()) {
            return new Placement.NoServer(reasons);
        }
        rather(candidates, avoided);
        boolean apart = rather(candidates, occupancy.big());
        double least =
                candidates.stream()
                        .mapToDouble(server -> model.loadForNew(server, expected.users(), now))
                        .min()
                        .getAsDouble();
        var tied =
                candidates.stream()
                        .filter(server ->
                                model.loadForNew(server, expected.users(), now) <= least + TIE)
                        .toList();
        Server chosen = tied.get(Math.floorMod(dice, tied.size()));
        return new Placement.Chosen(
                chosen,
                expected.users(),
                explain(chosen, candidates.size(), tied.size(), apart, now));
    }

    private Optional<String> full(
            Server server, Expectation expected, Occupancy occupancy, Instant now) {
        return caps.full(server, expected.users(), occupancy.meetingsOn(server.id()), now);
    }

    /// Leaves those out if others remain.
    ///
    /// @return whether any was left out
    private static boolean rather(List<Server> candidates, Set<ServerId> avoided) {
        return candidates.stream().anyMatch(server -> !avoided.contains(server.id()))
                && candidates.removeIf(server -> avoided.contains(server.id()));
    }

    private String explain(Server chosen, int candidates, int tied, boolean apart, Instant now) {
        double share = LoadModel.share(chosen);
        return "least loaded of %d%s (%.1f now%s%s)"
                .formatted(
                        candidates,
                        apart ? " without a big meeting" : "",
                        model.load(chosen, now),
                        tied > 1 ? ", tied with %d more".formatted(tied - 1) : "",
                        share < 1
                                ? ", though it came back lately and counts %.0f %% of its weight"
                                        .formatted(share * 100)
                                : "");
    }

    /// Why this server cannot take the meeting; empty when it can.
    private static Optional<String> rejection(Server server, Set<ServerId> excluded) {
        if (excluded.contains(server.id())) {
            return Optional.of("just failed to create it");
        }
        if (!server.takesNewMeetings()) {
            return Optional.of(
                    switch (server.admission()) {
                        case CORDONED, DRAINING, DISABLED -> server.admission().word();
                        case ENABLED ->
                                switch (server.health()) {
                                    case Health.Online _ -> "online";
                                    case Health.Unstable _, Health.Offline _ ->
                                            server.health().word()
                                                    + ": "
                                                    + server.health().reason();
                                };
                    });
        }
        return Optional.empty();
    }
}
