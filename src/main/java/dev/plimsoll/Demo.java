// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.BbbSettings;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.config.Config;
import dev.plimsoll.telemetry.Metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The whole product in one process: simulated servers, and the balancer on a throw-away database.
final class Demo implements AutoCloseable {

    private final Closer open;
    private final Simulators simulators;
    private final Serve serve;
    private final Endpoint api;
    private final BbbClient client;

    private Demo(Closer open, Simulators simulators, Serve serve) {
        this.open = open;
        this.simulators = simulators;
        this.serve = serve;
        this.api =
                Endpoint.of(
                        "http://127.0.0.1:" + serve.port(), serve.tenant().secrets().getFirst());
        this.client = open.add(new BbbClient(BbbSettings.read(noConfig()), new Metrics()));
    }

    /// @param port 0 takes any free one
    static Demo start(int servers, int port, Clock clock, RandomGenerator random) {
        var open = new Closer();
        try {
            var data = temporaryDirectory();
            open.add(() -> delete(data));
            var simulators = open.add(Simulators.start(servers, clock, random));
            var config =
                    Config.load(
                            Optional.empty(),
                            Map.of(
                                    "PLIMSOLL_DATA",
                                    data.toString(),
                                    "PLIMSOLL_HTTP_PORT",
                                    Integer.toString(port),
                                    "PLIMSOLL_HTTP_GRACE",
                                    "2s",
                                    "PLIMSOLL_POLL_INTERVAL",
                                    "2s"));
            var settings = Settings.read(config);
            config.requireSound();
            var serve = open.add(Serve.start(settings, clock, random));
            for (var server : simulators.servers()) {
                var wish =
                        new ServerWish(
                                server.settings().name(),
                                server.api().toString(),
                                server.secret().reveal(),
                                null,
                                null,
                                true);
                serve.servers().add(wish);
                serve.servers().pollNow(wish);
            }
            return new Demo(open, simulators, serve);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    Simulators simulators() {
        return simulators;
    }

    Serve serve() {
        return serve;
    }

    /// The API of the balancer, as a frontend is given it.
    Endpoint api() {
        return api;
    }

    /// A signed address, ready to be pasted.
    String signed(String call, Params params) {
        return api.signed(call, params.query());
    }

    /// Calls the balancer as a frontend would.
    ServerReply call(String name, Params params) {
        return client.call(
                api, ServerCall.act(name, params, Optional.empty()), Duration.ofSeconds(10));
    }

    /// Opens some meetings and lets people in.
    void populate(RandomGenerator random) {
        for (String subject :
                new String[] {"Algebra", "Biology", "Chemistry", "Drawing", "English", "French"}) {
            call(
                    "create",
                    Params.of(
                            "name",
                            subject,
                            "meetingID",
                            "demo-" + subject.toLowerCase(java.util.Locale.ROOT)));
        }
        simulators.stir(random);
    }

    @Override
    public void close() {
        open.close();
    }

    private static Config noConfig() {
        return Config.load(Optional.empty(), Map.of());
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("plimsoll-demo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
