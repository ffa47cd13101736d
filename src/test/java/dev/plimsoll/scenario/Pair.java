// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TcpProxy;
import dev.plimsoll.testing.Together;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/// Two real programs, `a` and `b`, that share a PostgreSQL and four simulated servers, with a proxy before them as the
/// guide wants it.
final class Pair implements AutoCloseable {

    static final int SERVERS = 4;
    private static final Secret SECRET = new Secret("shared by both");

    private final Path directory;
    private final IntFunction<String> databaseUrl;
    private final List<SimulatedServer> servers = new ArrayList<>();
    private final List<ServeProcess> programs = new CopyOnWriteArrayList<>();
    private final TcpProxy door = TcpProxy.to(this::livingPort);
    private volatile boolean secondIsDead;

    /// @param databaseUrl for the first and the second one: the same database, but perhaps another way to it
    Pair(Path directory, IntFunction<String> databaseUrl) {
        this.directory = directory;
        this.databaseUrl = databaseUrl;
        programs.add(launch(0));
        programs.add(launch(1));
        addServers(SERVERS);
    }

    /// Adds servers to those that there are, and waits until both know that they are online.
    void addServers(int count) {
        int all = servers.size() + count;
        for (int i = servers.size(); i < all; i++) {
            var server =
                    SimulatedServer.start(
                            SimulatorSettings.standard(new Secret("s" + i)),
                            Clock.systemUTC(),
                            new Random(i));
            servers.add(server);
            programs.getFirst().add("bbb" + i, server.api(), server.secret());
        }
        programs.forEach(this::awaitOnline);
    }

    private ServeProcess launch(int instance) {
        var settings = new HashMap<String, String>();
        settings.put("PLIMSOLL_SECRET", SECRET.reveal());
        settings.put("PLIMSOLL_LOG_LEVEL", "warn");
        settings.put("PLIMSOLL_POLL_INTERVAL", "500ms");
        settings.put("PLIMSOLL_POLL_HEARTBEAT", "500ms");
        settings.put("PLIMSOLL_PUBLIC_URL", "http://127.0.0.1:" + door.port());
        settings.put("PLIMSOLL_DATABASE_URL", databaseUrl.apply(instance));
        return ServeProcess.start(directory.resolve(name(instance)), settings);
    }

    private void awaitOnline(ServeProcess program) {
        try (var admin = program.admin()) {
            Together.until(
                    "all servers are online",
                    Duration.ofSeconds(30),
                    () -> {
                        var all =
                                admin.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class);
                        return all.length == servers.size()
                                && List.of(all).stream()
                                        .allMatch(server -> server.health().equals("online"));
                    },
                    program::output);
        }
    }

    private int livingPort() {
        return URI.create(api(secondIsDead ? 0 : 1).base()).getPort();
    }

    static String name(int instance) {
        return instance == 0 ? "a" : "b";
    }

    Frontend api(int instance) {
        return programs.get(instance).api(SECRET);
    }

    ServeProcess program(int instance) {
        return programs.get(instance);
    }

    /// What it says at that path.
    Target.Answer page(int instance, String path) {
        return Target.send(HttpRequest.newBuilder(URI.create(api(instance).base() + path)));
    }

    /// `kill -9`; the proxy notices, as proxies do.
    void kill(int instance) {
        secondIsDead = instance == 1;
        programs.get(instance).kill();
    }

    /// Starts one that was killed, on the same data directory.
    void startAgain(int instance) {
        programs.get(instance).close();
        programs.set(instance, launch(instance));
    }

    List<SimulatedServer> servers() {
        return servers;
    }

    /// The servers that run a meeting of this id, as they know themselves.
    List<SimulatedServer> running(String id) {
        return servers.stream().filter(server -> server.control().meeting(id).isPresent()).toList();
    }

    @Override
    public void close() {
        programs.forEach(ServeProcess::close);
        servers.forEach(SimulatedServer::close);
        door.close();
    }
}
