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
                    .setServerConfig("fsync", "off")
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
        signal("-STOP");
    }

    public void goOn() {
        if (paused) {
            paused = false;
            signal("-CONT");
        }
    }

    private void signal(String signal) {
        try {
            long first =
                    Long.parseLong(
                            Files.readAllLines(data.resolve("pg").resolve("postmaster.pid"))
                                    .getFirst()
                                    .strip());
            var all = ProcessHandle.of(first).orElseThrow();
            var command = new ArrayList<>(List.of("kill", signal));
            Stream.concat(Stream.of(all), all.descendants())
                    .map(process -> Long.toString(process.pid()))
                    .forEach(command::add);
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
