// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.pool.ServerId;

import java.util.LinkedHashMap;
import java.util.Optional;

/// Which server has a session: of those that were opened through us with `redirect=false`, as many as are remembered,
/// the longest unused go first. A token is a secret; nothing here shows one.
///
/// A lock guards the order of use, which no concurrent map keeps. It is held for one step in the map, without I/O, and
/// no other lock is taken under it.
final class Sessions {

    /// BigBlueButton's have 16 characters. Longer ones would be a server's way to fill our memory.
    private static final int LONGEST = 100;

    private final int most;
    private final LinkedHashMap<String, ServerId> servers = new LinkedHashMap<>(16, 0.75f, true);

    /// @param most how many are remembered
    Sessions(int most) {
        this.most = most;
    }

    /// A server has opened a session.
    ///
    /// @param token nothing is remembered when it is empty or far too long
    synchronized void opened(String token, ServerId server) {
        if (token.isEmpty() || token.length() > LONGEST) {
            return;
        }
        servers.put(token, server);
        if (servers.size() > most) {
            servers.pollFirstEntry();
        }
    }

    synchronized Optional<ServerId> serverOf(String token) {
        return Optional.ofNullable(servers.get(token));
    }
}
