// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;

import org.postgresql.ds.PGSimpleDataSource;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where the database is.
///
/// @param data the data directory: generated secrets, and the database if it is a file; mode 0700
/// @param readers connections that only read
/// @param staleFor how long memory is answered from while the database does not answer
public record DatabaseSettings(Path data, Place place, int readers, Duration staleFor) {

    static final Duration STALE_FOR = Duration.ofMinutes(10);

    private static final String SQLITE = "sqlite:";
    private static final String FORM =
            "sqlite:FILE or postgresql://user:password@host:5432/database";

    /// Which engine, and where.
    public sealed interface Place {
        /// For messages.
        String where();

        /// As it is written, without what only we may know.
        String shown();
    }

    /// A file of our own.
    public record Sqlite(Path file) implements Place {
        @Override
        public String where() {
            return file.toString();
        }

        @Override
        public String shown() {
            return SQLITE + file;
        }
    }

    /// A server that several instances may share.
    ///
    /// @param parameters of the driver, such as `sslmode=require`; may be empty
    public record Postgres(
            String host,
            int port,
            String database,
            String user,
            Optional<Secret> password,
            String parameters)
            implements Place {

        private static final int MOST_SECONDS = 5;
        private static final int PATIENT_SECONDS = 600;

        @Override
        public String where() {
            return "%s:%d/%s".formatted(host, port, database);
        }

        @Override
        public String shown() {
            return "postgresql://%s%s@%s%s"
                    .formatted(
                            user,
                            password.isPresent() ? ":••••" : "",
                            where(),
                            parameters.isEmpty() ? "" : "?••••");
        }

        /// For the feed, which must notice within seconds that nobody answers.
        PGSimpleDataSource feedSource() {
            var source = source();
            source.setLoginTimeout(2);
            source.setConnectTimeout(2);
            source.setSocketTimeout(2);
            return source;
        }

        PGSimpleDataSource source() {
            return source(MOST_SECONDS);
        }

        /// For work on the whole database, which takes its time.
        PGSimpleDataSource patientSource() {
            return source(PATIENT_SECONDS);
        }

        private PGSimpleDataSource source(int seconds) {
            var source = new PGSimpleDataSource();
            source.setUrl(
                    "jdbc:postgresql://%s:%d/%s%s"
                            .formatted(
                                    host,
                                    port,
                                    database,
                                    parameters.isEmpty() ? "" : "?" + parameters));
            source.setUser(user);
            password.ifPresent(secret -> source.setPassword(secret.reveal()));
            source.setConnectTimeout(3);
            source.setSocketTimeout(seconds);
            source.setTcpKeepAlive(true);
            source.setApplicationName("plimsoll");
            // Failures are logged, and must not show what was asked.
            source.setLogServerErrorDetail(false);
            // Whoever stops in the middle must not keep the others waiting. A statement is planned
            // once for each connection: planning took as long as doing it (decision 0017). That may
            // be at night, when nothing is there: reading all of it must not be what is planned,
            // and what cannot be done otherwise not be compiled because it looks dear.
            source.setOptions(
                    ("-c statement_timeout=%1$ds -c lock_timeout=%2$ds -c idle_in_transaction_session_timeout=%1$ds"
                                    + " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off")
                            .formatted(seconds, MOST_SECONDS));
            return source;
        }
    }

    public static DatabaseSettings read(Config config) {
        Path data =
                config.path(
                        "data",
                        "plimsoll-data",
                        "The directory for database and generated secrets.");
        var file = new Sqlite(data.resolve("plimsoll.db"));
        return new DatabaseSettings(
                data,
                config.<Place>place(
                        "database.url",
                        file,
                        "The database: sqlite:FILE, or postgresql://user:password@host:5432/database.",
                        DatabaseSettings::place,
                        Place::shown,
                        FORM),
                config.number(
                        "database.readers",
                        4,
                        1,
                        64,
                        "Connections to the database that only read."),
                config.duration(
                        "database.stale-for",
                        STALE_FOR,
                        "How long joins and calls for known meetings go on while PostgreSQL does not answer."));
    }

    private static Optional<Place> place(String url) {
        try {
            return url.startsWith(SQLITE) ? sqlite(url.substring(SQLITE.length())) : postgres(url);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// What begins with a colon is no file to SQLite, but memory that would be lost.
    private static Optional<Place> sqlite(String file) {
        return file.isBlank() || file.startsWith(":")
                ? Optional.empty()
                : Optional.of(new Sqlite(Path.of(file)));
    }

    private static Optional<Place> postgres(String url) {
        var uri = URI.create(url);
        boolean fits =
                ("postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme()))
                        && uri.getHost() != null
                        && uri.getRawUserInfo() != null
                        && uri.getPath() != null
                        && uri.getPath().length() > 1;
        if (!fits) {
            return Optional.empty();
        }
        var user = uri.getRawUserInfo().split(":", 2);
        return Optional.of(
                new Postgres(
                        uri.getHost(),
                        uri.getPort() < 0 ? 5432 : uri.getPort(),
                        uri.getPath().substring(1),
                        decode(user[0]),
                        user.length > 1 && !user[1].isBlank()
                                ? Optional.of(new Secret(decode(user[1])))
                                : Optional.empty(),
                        uri.getRawQuery() == null ? "" : uri.getRawQuery()));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// With another time for which memory is good enough.
    public DatabaseSettings withStaleFor(Duration time) {
        return new DatabaseSettings(data, place, readers, time);
    }

    /// A file in that directory; for tests and the demo.
    public static DatabaseSettings in(Path data) {
        return new DatabaseSettings(data, new Sqlite(data.resolve("plimsoll.db")), 4, STALE_FOR);
    }
}
