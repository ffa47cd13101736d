// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.admin.AdminProblem;
import dev.plimsoll.admin.ServerAdmin;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.cli.ServerList;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/// The list of servers that `serve` starts with.
final class ServersFile {

    private ServersFile() {}

    /// @throws IllegalArgumentException in the operator's words, without quoting the file: it holds secrets
    static List<ServerWish> read(Path file) {
        var wishes = ServerList.read(file);
        var addresses = new HashSet<URI>();
        for (int i = 0; i < wishes.size(); i++) {
            String where = "%s: entry %d".formatted(file, i + 1);
            var address = address(String.valueOf(wishes.get(i).url()), where);
            if (!addresses.add(address)) {
                throw new IllegalArgumentException(
                        "%s names %s a second time".formatted(where, address));
            }
        }
        return wishes;
    }

    private static URI address(String host, String where) {
        try {
            return Endpoint.apiAddress(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    /// Adds the servers whose address is not known yet; the others stay as people left them.
    ///
    /// @throws IllegalArgumentException in the operator's words when one cannot be added
    static void addUnknown(List<ServerWish> wishes, ServerAdmin servers) {
        var known = servers.addresses();
        for (ServerWish wish : wishes) {
            if (!known.contains(address(wish))) {
                add(wish, servers);
            }
        }
    }

    private static String address(ServerWish wish) {
        return Endpoint.apiAddress(String.valueOf(wish.url())).toString();
    }

    private static void add(ServerWish wish, ServerAdmin servers) {
        try {
            servers.add(wish);
        } catch (AdminProblem problem) {
            if (servers.addresses().contains(address(wish))) {
                return; // another instance that starts with the same file was faster
            }
            throw new IllegalArgumentException(
                    "server %s cannot be added: %s".formatted(wish.url(), problem.getMessage()),
                    problem);
        }
    }
}
