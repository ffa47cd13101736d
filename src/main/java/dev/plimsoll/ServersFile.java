// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.admin.AdminProblem;
import dev.plimsoll.admin.ServerAdmin;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.bbb.Endpoint;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The list of servers in tinyscale's form: `[{"host": URL, "secret": S}, …]`; other members are ignored.
final class ServersFile {

    private ServersFile() {}

    /// @throws IllegalArgumentException in the operator's words, without quoting the file: it holds secrets
    static List<ServerWish> read(Path file) {
        JsonNode list;
        try {
            list = JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file, e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not JSON");
        }
        if (!list.isArray()) {
            throw new IllegalArgumentException(
                    file + " must be a list: [{\"host\": URL, \"secret\": S}, …]");
        }
        var wishes = new ArrayList<ServerWish>();
        var addresses = new HashSet<URI>();
        for (int i = 0; i < list.size(); i++) {
            var entry = list.get(i);
            String host = entry.path("host").asString("");
            String secret = entry.path("secret").asString("");
            if (host.isBlank() || secret.isBlank()) {
                throw new IllegalArgumentException(
                        "%s: entry %d needs host and secret".formatted(file, i + 1));
            }
            var id = entry.path("id").asString("");
            var address = address(host, "%s: entry %d".formatted(file, i + 1));
            if (!addresses.add(address)) {
                throw new IllegalArgumentException(
                        "%s: entry %d names %s a second time".formatted(file, i + 1, address));
            }
            wishes.add(ServerWish.enabled(id.isEmpty() ? null : id, host, secret));
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

    /// Adds and enables the servers whose address is not known yet; the others stay as people left them.
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
