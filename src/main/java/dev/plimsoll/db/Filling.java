// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts rows into all tables, some at a time. Names of tables and columns become SQL only if the database has them.
final class Filling {

    private static final int MOST_ROWS = 200;
    private static final int MOST_BYTES = 4 << 20;

    private final Access access;
    private final Connection connection;
    private final List<String> tables;
    private final Map<String, Set<String>> columns = new HashMap<>();

    private @Nullable PreparedStatement insert;
    private String table = "";
    private List<String> names = List.of();
    private int rows;
    private long bytes;

    Filling(Access access) throws SQLException {
        this.access = access;
        this.connection = access.connection();
        this.tables = Catalogue.read(connection).orElseThrow().tables();
        for (String each : tables) {
            columns.put(each, Catalogue.columns(connection, each));
        }
    }

    /// A table that has rows.
    Optional<String> occupied() throws SQLException {
        for (String each : tables) {
            try (var statement = connection.createStatement();
                    var found = statement.executeQuery("SELECT 1 FROM " + each + " LIMIT 1")) {
                if (found.next()) {
                    return Optional.of(each);
                }
            }
        }
        return Optional.empty();
    }

    void empty() throws SQLException {
        for (String each : tables.reversed()) {
            execute("DELETE FROM " + each);
        }
    }

    void add(BackupReader.Row row) throws SQLException {
        var wanted = List.copyOf(row.columns().propertyNames());
        if (!row.table().equals(table) || !wanted.equals(names)) {
            flush();
            prepare(row.table(), wanted);
        }
        if (insert == null) {
            throw new IllegalStateException();
        }
        for (int i = 0; i < names.size(); i++) {
            bind(insert, i + 1, row.columns().path(names.get(i)));
        }
        insert.addBatch();
        rows++;
        bytes += row.size();
        if (rows >= MOST_ROWS || bytes >= MOST_BYTES) {
            send();
        }
    }

    private void prepare(String into, List<String> wanted) throws SQLException {
        var known = columns.get(into);
        if (known == null) {
            throw new BackupReader.Damaged("our tables have no place for its table " + clean(into));
        }
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new BackupReader.Damaged(
                        "our table %s has no column %s".formatted(into, clean(name)));
            }
        }
        table = into;
        names = wanted;
        insert =
                connection.prepareStatement(
                        "INSERT INTO %s (%s) %s VALUES (%s)"
                                .formatted(
                                        into,
                                        String.join(", ", wanted),
                                        switch (access.engine()) {
                                            case SQLITE -> "";
                                            case POSTGRES -> "OVERRIDING SYSTEM VALUE";
                                        },
                                        String.join(
                                                ", ", Collections.nCopies(wanted.size(), "?"))));
    }

    private static String clean(String name) {
        return name.replaceAll("[^\\w-]", "?");
    }

    private static void bind(PreparedStatement insert, int place, JsonNode value)
            throws SQLException {
        if (value.isNull()) {
            insert.setNull(place, Types.NULL);
        } else if (value.isString()) {
            insert.setString(place, value.stringValue());
        } else if (value.isIntegralNumber()) {
            insert.setLong(place, value.longValue());
        } else if (value.isNumber()) {
            insert.setDouble(place, value.doubleValue());
        } else if (value.path("bytes").isString()) {
            insert.setBytes(place, value.path("bytes").binaryValue());
        } else {
            throw new BackupReader.Damaged("a value in it has a form that we do not know");
        }
    }

    private void send() throws SQLException {
        if (insert == null || rows == 0) {
            return;
        }
        try {
            insert.executeBatch();
        } catch (SQLException e) {
            // The engine's own words would quote the row.
            throw new DatabaseException(
                    "the database does not take a row of the table %s (%s)%s"
                            .formatted(
                                    table,
                                    e.getSQLState(),
                                    "22021".equals(e.getSQLState())
                                            ? ": a text holds the character NUL, which PostgreSQL cannot store"
                                            : ""),
                    e);
        }
        rows = 0;
        bytes = 0;
    }

    private void flush() throws SQLException {
        send();
        if (insert != null) {
            insert.close();
            insert = null;
        }
    }

    void commit() throws SQLException {
        flush();
        switch (access.engine()) {
            case SQLITE -> {} // continues after the highest by itself
            case POSTGRES -> continueNumbers();
        }
        connection.commit();
    }

    /// Numbers that the database gives go on after the highest.
    private void continueNumbers() throws SQLException {
        String question =
                """
                SELECT column_name FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name = ? AND is_identity = 'YES'
                """;
        for (String each : tables) {
            try (var statement = connection.prepareStatement(question)) {
                statement.setString(1, each);
                try (var found = statement.executeQuery()) {
                    while (found.next()) {
                        continueNumbers(each, found.getString(1));
                    }
                }
            }
        }
    }

    private void continueNumbers(String each, String column) throws SQLException {
        long highest;
        try (var statement = connection.createStatement();
                var found =
                        statement.executeQuery(
                                "SELECT COALESCE(MAX(%s), 0) FROM %s".formatted(column, each))) {
            found.next();
            highest = found.getLong(1);
        }
        execute(
                "ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d"
                        .formatted(each, column, highest + 1));
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
