// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.db.Database;
import dev.plimsoll.db.DatabaseSettings;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The database that a test runs on: a file in its data directory, or with `-Dplimsoll.test.database=postgres` one of a
/// real PostgreSQL, which is started once and made for that directory.
public final class TestDatabase {

    private static final Map<Path, String> NAMES = new ConcurrentHashMap<>();

    private TestDatabase() {}

    /// Whether the tests run on PostgreSQL.
    public static boolean isPostgres() {
        return System.getProperty("plimsoll.test.database", "sqlite").equals("postgres");
    }

    /// The setting that makes the balancer with this data directory use it.
    public static Map<String, String> environment(Path data) {
        return isPostgres() ? Map.of("PLIMSOLL_DATABASE_URL", url(data)) : Map.of();
    }

    /// Lays down the secret that the program makes up by itself only for a file of its own.
    static void prepare(Path data) throws IOException {
        if (isPostgres() && !Files.exists(data.resolve("secret"))) {
            Files.createDirectories(data);
            Files.writeString(data.resolve("secret"), "secret of the tests");
        }
    }

    /// The same for a test that needs the database only.
    public static DatabaseSettings settings(Path data) {
        var standard = DatabaseSettings.in(data);
        return isPostgres()
                ? new DatabaseSettings(data, postgres(data), 4, standard.staleFor())
                : standard;
    }

    /// A database of the real PostgreSQL, whatever the tests run on.
    public static DatabaseSettings.Postgres postgres(Path data) {
        return new DatabaseSettings.Postgres(
                "localhost",
                Server.RUNNING.getPort(),
                name(data),
                "postgres",
                Optional.empty(),
                "");
    }

    /// As people write it.
    public static String url(Path data) {
        return "postgresql://postgres@localhost:%d/%s"
                .formatted(Server.RUNNING.getPort(), name(data));
    }

    /// Looks into it behind the balancer's back.
    public static Connection connect(Path data) throws SQLException {
        return isPostgres()
                ? DriverManager.getConnection(
                        "jdbc:postgresql://localhost:%d/%s"
                                .formatted(Server.RUNNING.getPort(), name(data)),
                        "postgres",
                        "")
                : DriverManager.getConnection("jdbc:sqlite:" + data.resolve("plimsoll.db"));
    }

    /// The same: the first column of the first row, or empty text.
    public static String look(Path data, String query) {
        try (var connection = connect(data);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                return "";
            }
            return rows.getObject(1) instanceof byte[] bytes
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /// Does something in the database of the real PostgreSQL behind the balancer's back, outside of a transaction.
    public static void inPostgres(Path data, String sql) {
        try (var connection = Server.RUNNING.getDatabase("postgres", name(data)).getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static String name(Path data) {
        return NAMES.computeIfAbsent(
                data.toAbsolutePath(),
                _ -> {
                    String name = "test" + NAMES.size() + "_" + System.nanoTime();
                    Server.execute("CREATE DATABASE " + name + " TEMPLATE " + Server.TEMPLATE);
                    return name;
                });
    }

    /// Started when it is first needed, with one database whose tables are made already.
    private static final class Server {

        static final String TEMPLATE = "with_tables";
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                var server =
                        EmbeddedPostgres.builder()
                                .setServerConfig("max_connections", "300")
                                // The tests kill us, not it.
                                .setServerConfig("fsync", "off")
                                .start();
                try (var connection = server.getPostgresDatabase().getConnection();
                        var statement = connection.createStatement()) {
                    statement.execute("CREATE DATABASE " + TEMPLATE);
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
                // Of its own: two runs may start theirs in one moment.
                Path nowhere = Balancer.temporaryDirectory();
                var settings =
                        new DatabaseSettings(
                                nowhere,
                                new DatabaseSettings.Postgres(
                                        "localhost",
                                        server.getPort(),
                                        TEMPLATE,
                                        "postgres",
                                        Optional.empty(),
                                        ""),
                                1,
                                Duration.ofMinutes(10));
                Database.open(settings).close();
                Balancer.delete(nowhere);
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        // One after the other: a template must be nobody's while it is copied.
        static synchronized void execute(String sql) {
            try (var connection = RUNNING.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new AssertionError(sql, e);
            }
        }
    }
}
