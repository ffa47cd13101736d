// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.config.Secret;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Caps;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Intake;
import dev.plimsoll.pool.Load;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.testing.SampleServer;

import java.time.Instant;

/// Servers for tests: enabled, online, idle, of weight 1, unless said otherwise.
final class Servers {

    static final Instant NOW = Instant.parse("2026-11-20T11:00:00Z");

    private Servers() {}

    static Server aServer(String id) {
        var endpoint = Endpoint.of("https://" + id + ".example.org", new Secret("s"));
        return SampleServer.online(new ServerId(id), endpoint, NOW);
    }

    static Server with(Server s, Admission admission) {
        return copy(s, s.weight(), admission, s.health(), s.load());
    }

    static Server with(Server s, Health health) {
        return copy(s, s.weight(), s.admission(), health, s.load());
    }

    static Server weighing(Server s, double weight) {
        return copy(s, weight, s.admission(), s.health(), s.load());
    }

    static Server withUsers(Server s, int users) {
        var load = s.load();
        return copy(
                s,
                s.weight(),
                s.admission(),
                s.health(),
                new Load(1, users, 0, 0, users, load.reserved(), load.reservedAt()));
    }

    static Server reserving(Server s, double reserved, Instant at) {
        var load = s.load();
        return copy(
                s,
                s.weight(),
                s.admission(),
                s.health(),
                new Load(
                        load.meetings(),
                        load.users(),
                        load.voices(),
                        load.videos(),
                        load.largest(),
                        reserved,
                        at));
    }

    static Server capped(Server s, Caps caps, Intake intake) {
        return new Server(
                s.id(),
                s.endpoint(),
                s.weight(),
                s.tags(),
                caps,
                s.admission(),
                s.health(),
                s.load(),
                intake,
                s.version(),
                s.polledAt(),
                s.revision());
    }

    private static Server copy(
            Server s, double weight, Admission admission, Health health, Load load) {
        return new Server(
                s.id(),
                s.endpoint(),
                weight,
                s.tags(),
                s.caps(),
                admission,
                health,
                load,
                s.intake(),
                s.version(),
                s.polledAt(),
                s.revision());
    }
}
