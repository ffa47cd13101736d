// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The real `plimsoll serve` as a process of its own, so that it can be killed.
public final class ServeProcess implements AutoCloseable {

    private static final String HEAP = "256m";

    private final Path data;
    private final Path log;
    private final Process process;

    private ServeProcess(Path data, Path log, Process process) {
        this.data = data;
        this.log = log;
        this.process = process;
    }

    /// Starts it without waiting for anything.
    ///
    /// @param environment settings besides the data directory and a free port
    public static ServeProcess launch(Path data, Map<String, String> environment) {
        return launch(data, environment, HEAP);
    }

    private static ServeProcess launch(Path data, Map<String, String> environment, String heap) {
        try {
            Files.deleteIfExists(data.resolve("url")); // of one that was killed
            TestDatabase.prepare(data);
            var log = Files.createTempFile("plimsoll-serve", ".log");
            var command =
                    new ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx" + heap,
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    classPath(),
                                    "dev.plimsoll.Main",
                                    "serve"));
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().put("PLIMSOLL_DATA", data.toString());
            builder.environment().putAll(TestDatabase.environment(data));
            builder.environment().put("PLIMSOLL_HTTP_PORT", "0");
            builder.environment().putAll(environment);
            return new ServeProcess(data, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it and waits until it listens.
    public static ServeProcess start(Path data, Map<String, String> environment) {
        return start(data, environment, HEAP);
    }

    /// The same with so much heap, as Java writes it.
    public static ServeProcess start(Path data, Map<String, String> environment, String heap) {
        var program = launch(data, environment, heap);
        Together.until(
                "serve listens",
                Duration.ofSeconds(60),
                () -> {
                    if (!program.process.isAlive()) {
                        throw new AssertionError("serve ended: " + program.output());
                    }
                    return Files.exists(data.resolve("url"));
                },
                program::output);
        return program;
    }

    // The tests' own classes are left out: the program must not need them.
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Files.isDirectory(Path.of(entry, "dev/plimsoll/testing")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// The balancer's API.
    public Frontend api() {
        return new Frontend(read("url"), new Secret(read("secret")));
    }

    /// The same where the secret was set.
    public Frontend api(Secret secret) {
        return new Frontend(read("url"), secret);
    }

    public AdminClient admin() {
        return new AdminClient(URI.create(read("url")), read("admin-token"));
    }

    /// Adds servers, enabled, as bbb0 and so on, and polls them.
    public void add(List<SimulatedServer> servers) {
        for (int i = 0; i < servers.size(); i++) {
            add("bbb" + i, servers.get(i).api(), servers.get(i).secret());
        }
    }

    /// Adds a server, enabled, and polls it.
    public void add(String id, URI api, Secret secret) {
        try (var admin = admin()) {
            var wish = ServerWish.enabled(id, api.toString(), secret.reveal());
            admin.send(AdminRoutes.SERVERS_ADD, "", wish, ServerView.class);
            admin.send(AdminRoutes.SERVERS_POLL, id, null, ServerView.class);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(data.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /// All that it wrote.
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `kill -9`.
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /// `kill`, as service managers do.
    public void terminate() {
        process.destroy();
    }

    /// Waits until it ended.
    public int exitCode() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
