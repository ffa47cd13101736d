// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.Serve;
import dev.plimsoll.Settings;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;
import dev.plimsoll.pool.Health;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// A running balancer as the world sees it, with simulated servers behind it and a data directory of its own.
///
/// Polls happen only when asked for. The one that the balancer makes by itself when a server is new is over when
/// [#addServer] returns.
public final class Balancer implements AutoCloseable {

    private final Path data;
    private final InstantSource clock;
    private final Serve serve;
    private final List<SimulatedServer> servers = new ArrayList<>();

    private Balancer(Path data, InstantSource clock, Serve serve) {
        this.data = data;
        this.clock = clock;
        this.serve = serve;
    }

    /// Starts a balancer with so many simulated servers.
    ///
    /// @param settings names and values of settings in turn, as in the environment
    public static Balancer start(int servers, String... settings) {
        return start(InstantSource.system(), servers, settings);
    }

    /// The same with a clock that a test moves.
    public static Balancer start(InstantSource clock, int servers, String... settings) {
        Path data = temporaryDirectory();
        Map<String, String> environment = new HashMap<>();
        environment.put("PLIMSOLL_DATA", data.toString());
        environment.putAll(TestDatabase.environment(data));
        environment.put("PLIMSOLL_HTTP_PORT", "0");
        environment.put("PLIMSOLL_HTTP_GRACE", "1s");
        environment.put("PLIMSOLL_POLL_INTERVAL", "1h");
        environment.put("PLIMSOLL_POLL_HEARTBEAT", "1h");
        environment.put("PLIMSOLL_SECRET", BbbConformance.SECRET.reveal());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        var config = Config.load(Optional.empty(), environment);
        var read = Settings.read(config);
        config.requireSound();
        var balancer = new Balancer(data, clock, Serve.start(read, asClock(clock), new Random(7)));
        IntStream.rangeClosed(1, servers)
                .mapToObj(i -> balancer.add("bbb" + i))
                .toList() // all of them, before the first look at any is waited for
                .forEach(balancer::poll);
        return balancer;
    }

    /// Adds one more simulated server to the pool.
    public SimulatedServer addServer(String id) {
        poll(add(id));
        return servers.getLast();
    }

    /// Adds whatever answers at that address to the pool, and polls it.
    public void addServer(String id, URI address, Secret secret) {
        poll(add(id, address, secret));
    }

    private ServerWish add(String id) {
        var settings =
                SimulatorSettings.standard(new Secret("secret-of-" + id))
                        .withName(id)
                        .withVersion("3.0.18");
        var server = SimulatedServer.start(settings, clock, new Random(id.hashCode()));
        servers.add(server);
        return add(id, server.api(), server.secret());
    }

    private ServerWish add(String id, URI address, Secret secret) {
        var wish = ServerWish.enabled(id, address.toString(), secret.reveal());
        serve.servers().add(wish);
        return wish;
    }

    private void poll(ServerWish added) {
        Together.until(
                added.id() + " is looked at",
                () ->
                        !admin("GET", "/servers/" + added.id(), "")
                                .body()
                                .contains(Health.NOT_POLLED.reason()));
        serve.servers().pollNow(added);
    }

    /// The simulated servers, in the order in which they were added.
    public List<SimulatedServer> servers() {
        return List.copyOf(servers);
    }

    /// The simulated server that runs the meeting.
    public SimulatedServer serverOf(String meetingId) {
        return servers.stream()
                .filter(server -> server.control().meeting(meetingId).isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no server runs " + meetingId));
    }

    /// Its BigBlueButton API.
    public Target target() {
        return new Target(
                URI.create(url() + "/bigbluebutton/api/"), serve.tenant().secrets().getFirst());
    }

    /// Calls the admin API as an operator with the token.
    ///
    /// @param path below `/api/v1`
    /// @param body JSON, or empty text
    public Target.Answer admin(String method, String path, String body) {
        return Target.send(
                HttpRequest.newBuilder(URI.create(url() + "/api/v1" + path))
                        .header("Authorization", "Bearer " + adminToken().reveal())
                        .method(method, BodyPublishers.ofString(body)));
    }

    /// `http://127.0.0.1:PORT`, without a final slash.
    public String url() {
        return "http://127.0.0.1:" + serve.port();
    }

    public int port() {
        return serve.port();
    }

    public Secret adminToken() {
        return serve.adminToken();
    }

    @Override
    public void close() {
        serve.close();
        servers.forEach(SimulatedServer::close);
        delete(data);
    }

    /// A fresh directory.
    public static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("plimsoll-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a directory with all that is in it.
    public static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Clock asClock(InstantSource source) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return source.instant();
            }
        };
    }
}
