// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.Serve;
import dev.plimsoll.Settings;
import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.MeetingSnapshot;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// A whole cluster in this process: simulated servers `bbb0`, `bbb1`, …, and the balancer as `Serve` builds it, on a
/// data directory of its own.
///
/// Nothing is polled but when a test says so, save that the balancer looks once at each server when it starts or
/// when the server is added. Balancer and servers share one clock, which runs and can be moved on.
///
/// ```java
/// try (var cluster = Cluster.of(3).with("create.budget", "5s").start()) {
///     cluster.api().create("room-1");
///     cluster.server(0).faults().add(FaultRule.parse("create=hang"));
///     cluster.pollAll();
/// }
/// ```
public final class Cluster implements AutoCloseable {

    static {
        Logging.use(new LogSettings(false, "ERROR"));
    }

    private final Path data = temporaryDirectory();
    private final TestClock clock = TestClock.running();
    private final Random random = new Random(20_261_120);
    private final List<SimulatedServer> servers = new ArrayList<>();
    private final Map<String, String> environment;
    private Serve serve;
    private AdminClient admin;

    private Cluster(int count, Map<String, String> environment, Double[] weights) {
        this.environment = environment;
        this.serve = open();
        this.admin = adminClient();
        for (int i = 0; i < count; i++) {
            add(i < weights.length ? weights[i] : null);
        }
        awaitOnline();
    }

    /// So many servers.
    public static Builder of(int servers) {
        return new Builder(servers);
    }

    /// What a cluster is to be like.
    public static final class Builder {

        private final int servers;
        private final Map<String, String> environment = new HashMap<>();
        private Double[] weights = {};

        private Builder(int servers) {
            this.servers = servers;
            with("http.port", "0");
            with("http.grace", "10s");
            with("poll.interval", "1h");
            with("poll.heartbeat", "1h");
        }

        /// A setting other than its default.
        public Builder with(String key, String value) {
            environment.put(
                    "PLIMSOLL_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'),
                    value);
            return this;
        }

        /// The weights of the first servers.
        public Builder weights(Double... ofServers) {
            weights = ofServers;
            return this;
        }

        public Cluster start() {
            return new Cluster(servers, environment, weights);
        }
    }

    /// The balancer's API.
    public Frontend api() {
        return new Frontend(
                "http://127.0.0.1:" + serve.port(), serve.tenant().secrets().getFirst());
    }

    public TestClock clock() {
        return clock;
    }

    public Path data() {
        return data;
    }

    /// Stops the balancer in order, as SIGTERM does.
    public void stop() {
        admin.close();
        serve.close();
    }

    /// Starts the balancer again, on the same data; returns before it has looked at any server.
    public void start() {
        serve = open();
        admin = adminClient();
    }

    /// Stops and starts the balancer, and waits until it has looked at all servers.
    public void restart() {
        stop();
        var before = servers.stream().map(server -> server.control().calls("getMeetings")).toList();
        start();
        Together.until(
                "all servers are polled after a restart",
                () ->
                        IntStream.range(0, servers.size())
                                .allMatch(i ->
                                        server(i).control().calls("getMeetings") > before.get(i)));
        awaitOnline();
    }

    /// A second instance on the same data.
    public Serve secondInstance() {
        return open();
    }

    private Serve open() {
        var all = new HashMap<>(TestDatabase.environment(data));
        all.put("PLIMSOLL_DATA", data.toString());
        all.putAll(environment);
        var config = Config.load(Optional.empty(), all);
        var settings = Settings.read(config);
        config.requireSound();
        return Serve.start(settings, clock.withZone(ZoneOffset.UTC), random);
    }

    private AdminClient adminClient() {
        return new AdminClient(
                URI.create("http://127.0.0.1:" + serve.port()), serve.adminToken().reveal());
    }

    public SimulatedServer server(int number) {
        return servers.get(number);
    }

    public List<SimulatedServer> servers() {
        return servers;
    }

    /// Adds one more server; returns its number. The balancer polls it by itself.
    public int add(@Nullable Double weight) {
        int number = servers.size();
        var server =
                SimulatedServer.start(
                        SimulatorSettings.standard(new Secret("secret of " + number))
                                .withName(name(number)),
                        clock,
                        new Random(number));
        servers.add(server);
        var wish =
                new ServerWish(
                        name(number),
                        server.api().toString(),
                        server.secret().reveal(),
                        weight,
                        null,
                        true);
        admin.send(AdminRoutes.SERVERS_ADD, "", wish, ServerView.class);
        return number;
    }

    /// Waits until the balancer has looked at all servers and found them well; looks again if need be.
    public void awaitOnline() {
        for (int i = 0; i < servers.size(); i++) {
            int number = i;
            Together.until(
                    name(i) + " is looked at",
                    () -> !view(number).reason().equals("not polled yet"));
            Together.until(
                    name(i) + " is online",
                    () -> {
                        boolean online = health(number).equals("online");
                        if (!online) {
                            poll(number);
                        }
                        return online;
                    });
        }
    }

    /// Polls one server, now and on this thread.
    public void poll(int number) {
        clock.advance(Duration.ofMillis(2));
        admin.send(AdminRoutes.SERVERS_POLL, name(number), null, ServerView.class);
        clock.advance(Duration.ofMillis(2));
    }

    /// Polls all servers, one after the other.
    public void pollAll() {
        for (int i = 0; i < servers.size(); i++) {
            poll(i);
        }
    }

    /// What operators see of a server.
    public ServerView view(int number) {
        return admin.send(AdminRoutes.SERVERS_SHOW, name(number), null, ServerView.class);
    }

    public String health(int number) {
        return view(number).health();
    }

    /// What the log of events holds of a server: kind and text, oldest first.
    public List<String> events(int number) {
        return admin.newestEvents(1000).stream()
                .filter(event -> event.subject().equals(name(number)))
                .map(event -> (event.kind() + ": " + event.text()).replaceAll(": $", ""))
                .toList();
    }

    /// Changes what people set on a server.
    public void set(int number, ServerWish wish) {
        admin.send(AdminRoutes.SERVERS_SET, name(number), wish, Changed.class);
    }

    /// What operators do with a server; the refusal in the operator's words, or empty text.
    public String act(AdminRoutes action, int number) {
        try {
            admin.send(action, name(number), null, Changed.class);
            return "";
        } catch (AdminException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// What operators do with a server, and what comes back.
    public <T> T admin(AdminRoutes action, int number, Class<T> answer) {
        return admin(action, name(number), null, answer);
    }

    /// Any request to the admin API.
    public <T> T admin(AdminRoutes action, String id, @Nullable Object body, Class<T> answer) {
        return admin.send(action, id, body, answer);
    }

    /// Sets a server's caps.
    public void limit(int number, int users, int meetings, int perMinute) {
        var wish =
                new ServerWish(
                        null, null, null, null, null, null, users, meetings, perMinute, null);
        admin.send(AdminRoutes.SERVERS_SET, name(number), wish, Changed.class);
    }

    public static String name(int number) {
        return "bbb" + number;
    }

    /// The numbers of the servers that run a meeting of this id, as they know themselves.
    public List<Integer> running(String id) {
        return IntStream.range(0, servers.size())
                .filter(i -> server(i).control().meeting(id).isPresent())
                .boxed()
                .toList();
    }

    /// The one server that runs the meeting.
    public int only(String id) {
        var running = running(id);
        if (running.size() != 1) {
            throw new AssertionError(id + " runs on the servers " + running);
        }
        return running.getFirst();
    }

    /// How many meetings each server runs.
    public List<Integer> spread() {
        return servers.stream().map(server -> server.control().meetings().size()).toList();
    }

    /// The meeting as its server knows it.
    public MeetingSnapshot meeting(String id) {
        return server(only(id)).control().meeting(id).orElseThrow();
    }

    /// How often a call reached any server.
    public long calls(String name) {
        return servers.stream().mapToLong(server -> server.control().calls(name)).sum();
    }

    /// How often anything reached any server.
    public long calls() {
        return servers.stream()
                .flatMap(server -> server.control().calls().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /// The meetings that the balancer has registered, those being created included.
    public List<MeetingView> registered() {
        return List.of(admin.send(AdminRoutes.MEETINGS_LIST, "", null, MeetingView[].class));
    }

    /// Where the balancer has registered the meeting, such as `bbb0`.
    public Optional<MeetingView> registered(String id) {
        return registered().stream().filter(meeting -> meeting.id().equals(id)).findFirst();
    }

    /// Looks into the database behind the balancer's back: the first column of the first row.
    public String sql(String query) {
        return TestDatabase.look(data, query);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.faults().clear());
        stop();
        servers.forEach(SimulatedServer::close);
        delete(data);
    }

    static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("plimsoll-cluster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
