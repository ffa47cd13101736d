// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.adminapi.SyncWish;
import dev.plimsoll.adminapi.Synced;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
        if (wish.servers() == null || wish.servers().stream().anyMatch(Objects::isNull)) {
            throw AdminProblem.invalid("servers must be a list of objects with url and secret");
        }
        var plan = plan(wish.servers());
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

    private Map<ServerWish, Optional<Server>> plan(List<ServerWish> wishes) {
        var plan = new LinkedHashMap<ServerWish, Optional<Server>>();
        var names = new HashSet<String>();
        for (int i = 0; i < wishes.size(); i++) {
            var wish = wishes.get(i);
            try {
                requireFirst(servers.check(wish).endpoint().api().toString(), names);
                requireFirst(wish.id(), names);
                plan.put(wish, known(wish));
            } catch (AdminProblem problem) {
                throw problem.at("entry " + (i + 1));
            }
        }
        return plan;
    }

    private static void requireFirst(@Nullable String name, Set<String> names) {
        if (name != null && !names.add(name)) {
            throw AdminProblem.invalid("it names " + name + " a second time");
        }
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
