// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// One connection with one open transaction, for work on the whole database while no instance of this process has it.
///
/// @param hold of the data directory, if the work is one that nobody else may do meanwhile
record Access(Engine engine, Connection connection, Optional<Hold> hold) implements AutoCloseable {

    /// Which kind of database.
    enum Engine {
        SQLITE,
        POSTGRES
    }

    /// An instance that was heard of since may live.
    private static final int LIVING_SECONDS = 10;

    /// One unchanging view of what was committed, beside instances that go on writing.
    static Access reading(DatabaseSettings settings) {
        return switch (settings.place()) {
            case DatabaseSettings.Sqlite(Path file) -> readingFile(file);
            case DatabaseSettings.Postgres place -> readingServer(place);
        };
    }

    private static Access readingFile(Path file) {
        requireReadable(file);
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(10_000);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            var connection = source.getConnection();
            connection.setAutoCommit(false);
            return new Access(Engine.SQLITE, connection, Optional.empty());
        } catch (SQLException e) {
            throw DatabaseException.unopened(file.toString(), e);
        }
    }

    private static void requireReadable(Path file) {
        try {
            file.getFileSystem().provider().checkAccess(file, AccessMode.READ);
        } catch (AccessDeniedException e) {
            throw new DatabaseException(
                    "we may not read the database %s; run this as the user of the service"
                            .formatted(file.toAbsolutePath()),
                    e);
        } catch (IOException e) {
            throw new DatabaseException("there is no database at " + file.toAbsolutePath(), e);
        }
    }

    private static Access readingServer(DatabaseSettings.Postgres place) {
        try {
            var connection = place.patientSource().getConnection();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            return new Access(Engine.POSTGRES, connection, Optional.empty());
        } catch (SQLException e) {
            throw DatabaseException.unopened(place.where(), e);
        }
    }

    /// To change everything: with tables that are up to date, and with nobody else writing until it is closed.
    ///
    /// @throws DatabaseException also when an instance uses the database
    static Access changing(DatabaseSettings settings) {
        var hold = Hold.take(settings.data());
        try {
            return switch (settings.place()) {
                case DatabaseSettings.Sqlite(Path file) -> changingFile(file, hold);
                case DatabaseSettings.Postgres place -> changingServer(place, hold);
            };
        } catch (RuntimeException e) {
            hold.release();
            throw e;
        }
    }

    private static Access changingFile(Path file, Hold hold) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var source = SqliteDatabase.source(file);
            Migrations.SQLITE.bringUpToDate(source);
            var connection = source.getConnection();
            connection.setAutoCommit(false);
            return new Access(Engine.SQLITE, connection, Optional.of(hold));
        } catch (IOException | FlywayException | SQLException e) {
            throw DatabaseException.unopened(file.toString(), e);
        }
    }

    private static Access changingServer(DatabaseSettings.Postgres place, Hold hold) {
        var source = place.patientSource();
        try {
            try (var before = source.getConnection()) {
                // Before its tables change under its hands.
                requireUnused(before);
            }
            Migrations.POSTGRES.bringUpToDate(source);
            var connection = source.getConnection();
            try {
                connection.setAutoCommit(false);
                takeTurn(connection);
                requireUnused(connection);
                return new Access(Engine.POSTGRES, connection, Optional.of(hold));
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (FlywayException | SQLException e) {
            throw DatabaseException.unopened(place.where(), e);
        }
    }

    /// Keeps every instance that may be starting from writing, and so from being one, until we are done.
    private static void takeTurn(Connection connection) throws SQLException {
        try (var lock = connection.createStatement()) {
            lock.execute(PostgresTx.LOCK);
        }
    }

    private static void requireUnused(Connection connection) throws SQLException {
        String question =
                """
                SELECT COUNT(*) FROM instances
                WHERE seen_at > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - ?
                """;
        if (!Catalogue.names(connection).contains(Catalogue.INSTANCES)) {
            return;
        }
        try (var statement = connection.prepareStatement(question)) {
            statement.setLong(1, LIVING_SECONDS * 1000L);
            try (var rows = statement.executeQuery()) {
                rows.next();
                if (rows.getInt(1) > 0) {
                    throw new DatabaseException(
                            "%d running Plimsoll use this database; stop all of them (one that was killed counts for %d s)"
                                    .formatted(rows.getInt(1), LIVING_SECONDS));
                }
            }
        }
    }

    /// Undoes what was not committed.
    @Override
    public void close() {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            throw new DatabaseException("the database did not answer at the end", e);
        } finally {
            hold.ifPresent(Hold::release);
        }
    }
}
