// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A PostgreSQL for one test alone, which may stop and restart it.
public final class OwnPostgres implements AutoCloseable {

    private final Path data = Cluster.temporaryDirectory();
    private EmbeddedPostgres running;
    private boolean paused;

    private OwnPostgres() {
        this.running = open(0);
    }

    public static OwnPostgres start() {
        return new OwnPostgres();
    }

    private EmbeddedPostgres open(int port) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data.resolve("pg"))
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("fsync", "off") // nobody unplugs the machine
                    // The library's own choice loses the last commits when processes are killed.
                    .setServerConfig("synchronous_commit", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return running.getPort();
    }

    /// Makes an empty database.
    public void create(String name) {
        try (var connection = running.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    public void stop() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it again where it was.
    public void startAgain() {
        running = open(running.getPort());
    }

    /// Stops all its processes where they are.
    public void pause() {
        paused = true;
        signal("-STOP", Stream.concat(Stream.of(first()), first().descendants()));
    }

    public void goOn() {
        if (paused) {
            paused = false;
            signal("-CONT", Stream.concat(Stream.of(first()), first().descendants()));
        }
    }

    /// Kills all processes but the first, which starts them anew and recovers from the log.
    public void crash() {
        signal("-KILL", first().descendants());
    }

    private ProcessHandle first() {
        try {
            var lines = Files.readAllLines(data.resolve("pg").resolve("postmaster.pid"));
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String signal, Stream<ProcessHandle> whom) {
        try {
            var command = new ArrayList<>(List.of("kill", signal));
            whom.map(process -> Long.toString(process.pid())).forEach(command::add);
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        goOn();
        stop();
        Cluster.delete(data);
    }
}
