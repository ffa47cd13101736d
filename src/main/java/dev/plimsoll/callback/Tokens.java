// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.pool.ServerId;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The unguessable part of the address under which each server tells us of events. Stored, since servers remember
/// it too. Thread-safe.
final class Tokens {

    private final Hooks hooks;
    private final Map<String, ServerId> servers = new ConcurrentHashMap<>();
    private final Map<ServerId, String> tokens = new ConcurrentHashMap<>();

    Tokens(Hooks hooks) {
        this.hooks = hooks;
    }

    void load() {
        hooks.db().read(hooks.store()::tokens).forEach(this::put);
    }

    private void put(String token, ServerId server) {
        servers.put(token, server);
        tokens.put(server, token);
    }

    Optional<ServerId> server(String token) {
        return Optional.ofNullable(servers.get(token));
    }

    boolean has(ServerId server) {
        return tokens.containsKey(server);
    }

    /// The server's token, made at first use.
    synchronized String of(ServerId server) {
        var known = tokens.get(server);
        if (known != null) {
            return known;
        }
        String made = hooks.randomToken();
        String kept = hooks.db().write(tx -> hooks.store().keepToken(tx, server, made));
        put(kept, server);
        return kept;
    }

    /// A server has left the pool; one that comes under its name later gets another token.
    synchronized void forget(ServerId server) {
        var token = tokens.remove(server);
        if (token != null) {
            servers.remove(token);
        }
    }
}
