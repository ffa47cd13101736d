// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.pool.ServerId;

import java.util.Map;
import java.util.Set;

/// What the registry knows of the servers' meetings, as far as a placement needs it.
///
/// @param meetings registered on each server that has a limit of them; none when it is missing
/// @param big servers that have a big meeting, when the new one is big
public record Occupancy(Map<ServerId, Integer> meetings, Set<ServerId> big) {

    /// Nothing is registered.
    public static final Occupancy NONE = new Occupancy(Map.of(), Set.of());

    public Occupancy {
        meetings = Map.copyOf(meetings);
        big = Set.copyOf(big);
    }

    int meetingsOn(ServerId server) {
        return meetings.getOrDefault(server, 0);
    }
}
