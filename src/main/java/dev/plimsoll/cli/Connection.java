// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.config.Config;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where the instance is that a command talks to, and with which token: by option, else by environment, else from
/// the data directory of an instance on this machine.
final class Connection {

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The instance; else $PLIMSOLL_URL or the one on this machine.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "T",
            description = "Admin token; better by $PLIMSOLL_TOKEN or --token-file.")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with the admin token.")
    private @Nullable Path tokenFile;

    Connection(Map<String, String> environment) {
        this.environment = environment;
    }

    <T> T send(AdminRoutes route, String id, @Nullable Object body, Class<T> answer) {
        return with(client -> client.send(route, id, body, answer));
    }

    /// Does something with a client that is closed afterwards.
    <T> T with(Function<AdminClient, T> work) {
        try (var client = open()) {
            return work.apply(client);
        }
    }

    /// A client for a command that lasts.
    AdminClient open() {
        String token = token();
        if (!token.matches("\\p{Graph}+")) { // else the header's own complaint would quote it
            throw new IllegalArgumentException("the admin token has characters that no token has");
        }
        return new AdminClient(address(url()), token);
    }

    /// Not quoted when it is wrong: there may be a password in it.
    private static URI address(String url) {
        try {
            var uri = new URI(url.strip());
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // is said below
        }
        throw new IllegalArgumentException(
                "the instance's address (--url, else PLIMSOLL_URL) is none; write http://127.0.0.1:8090 or"
                        + " https://bbb.example.org");
    }

    private String url() {
        return Optional.ofNullable(url)
                .or(() -> fromEnvironment("PLIMSOLL_URL"))
                .or(() -> fromData("url", _ -> Optional.empty()))
                .orElse("http://127.0.0.1:8090");
    }

    private String token() {
        if (token != null) {
            System.err.println(
                    "plimsoll: others on this machine can read --token in the process list; use --token-file");
            return token;
        }
        if (tokenFile != null) {
            return read(tokenFile, Connection::denied)
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "cannot read the token from " + tokenFile));
        }
        return fromEnvironment("PLIMSOLL_TOKEN")
                .or(() -> fromData("admin-token", Connection::denied))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no admin token: set PLIMSOLL_TOKEN, use --token-file, or run this where"
                                        + " `plimsoll serve` keeps its data (PLIMSOLL_DATA)"));
    }

    private Optional<String> fromEnvironment(String name) {
        return Optional.of(environment.getOrDefault(name, "")).filter(value -> !value.isBlank());
    }

    /// From the data directory that `serve` would use here, or that of an installed package.
    private Optional<String> fromData(String name, Function<Path, Optional<String>> denied) {
        var config = Config.load(Config.usualFile(environment), environment);
        var own = config.path("data", "plimsoll-data", "");
        return List.of(own, Path.of("/var/lib/plimsoll")).stream()
                .flatMap(data -> read(data.resolve(name), denied).stream())
                .findFirst();
    }

    private static Optional<String> denied(Path file) {
        throw new IllegalArgumentException(
                "we may not read %s; run this as the user of the service, set PLIMSOLL_TOKEN, or use --token-file"
                        .formatted(file));
    }

    private static Optional<String> read(Path file, Function<Path, Optional<String>> denied) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (AccessDeniedException e) {
            return denied.apply(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
