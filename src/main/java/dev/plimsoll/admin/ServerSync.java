// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.adminapi.SyncWish;
import dev.plimsoll.adminapi.Synced;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Brings the pool in line with a list of servers: adds what is missing, changes what differs. What is not on the
/// list stays, since meetings may run there; and whether a server is enabled stays what people made it.
final class ServerSync {

    private final ServerPool pool;
    private final ServerAdmin servers;

    ServerSync(ServerPool pool, ServerAdmin servers) {
        this.pool = pool;
        this.servers = servers;
    }

    /// All wishes are checked before the first is granted.
    Synced sync(SyncWish wish) {
        Map<ServerWish, Optional<Server>> plan = new LinkedHashMap<>();
        if (wish.servers() == null || wish.servers().stream().anyMatch(Objects::isNull)) {
            throw AdminProblem.invalid("servers must be a list of objects with url and secret");
        }
        for (ServerWish server : wish.servers()) {
            plan.put(server, known(server));
            servers.check(server);
        }
        var changes = new ArrayList<String>();
        plan.forEach(
                (server, known) -> grant(server, known, wish.dryRun()).ifPresent(changes::add));
        var wanted =
                plan.keySet().stream()
                        .flatMap(server -> known(server).stream())
                        .map(Server::id)
                        .toList();
        var left = pool.servers().stream().map(Server::id).filter(id -> !wanted.contains(id));
        return new Synced(changes, left.map(Object::toString).toList());
    }

    private Optional<String> grant(ServerWish wish, Optional<Server> known, boolean dryRun) {
        if (known.isEmpty()) {
            String id = dryRun ? String.valueOf(wish.url()) : servers.add(wish).id();
            return Optional.of("server %s is added".formatted(id));
        }
        var change =
                new ServerWish(
                        null,
                        wish.url(),
                        wish.secret(),
                        wish.weight(),
                        wish.tags(),
                        wish.checksum(),
                        wish.maxUsers(),
                        wish.maxMeetings(),
                        wish.maxPerMinute(),
                        null);
        if (ServerAdmin.wished(known.get(), change).equals(known.get())) {
            return Optional.empty();
        }
        if (!dryRun) {
            servers.set(known.get().id().value(), change);
        }
        return Optional.of("server %s is changed".formatted(known.get().id()));
    }

    private Optional<Server> known(ServerWish wish) {
        var api = ServerAdmin.valid(() -> Endpoint.apiAddress(String.valueOf(wish.url())));
        return pool.servers().stream()
                .filter(server ->
                        wish.id() == null
                                ? server.endpoint().api().equals(api)
                                : server.id().value().equals(wish.id()))
                .findFirst();
    }
}
