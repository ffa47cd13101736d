// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.flywaydb.core.Flyway;

import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

/// Brings the tables up to date with the numbered files in `dev/plimsoll/migrations`, which are the same for both
/// engines but for a few words.
///
/// @param words those that differ
record Migrations(Map<String, String> words) {

    /// The number of the newest file; a test compares it with what is there.
    static final String NEWEST = "7";

    static final Migrations SQLITE =
            new Migrations(Map.of("bytes", "BLOB", "serial", "INTEGER PRIMARY KEY AUTOINCREMENT"));

    static final Migrations POSTGRES =
            new Migrations(
                    Map.of(
                            "bytes",
                            "BYTEA",
                            "serial",
                            "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"));

    void bringUpToDate(DataSource source) {
        if (isUpToDate(source)) {
            return; // Flyway takes a fifth of a second to find that out; a restart should not
        }
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:dev/plimsoll/migrations")
                .placeholders(words)
                .load()
                .migrate();
    }

    /// @throws DatabaseException when the tables are newer than this program
    private static boolean isUpToDate(DataSource source) {
        String question =
                "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank DESC LIMIT 1";
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(question)) {
            if (!rows.next()) {
                return false;
            }
            int found = rows.getInt(1);
            if (found > Integer.parseInt(NEWEST)) {
                throw new DatabaseException(
                        "the database was written by a newer Plimsoll (tables of version %d, we know %s); start that one"
                                .formatted(found, NEWEST));
            }
            return found == Integer.parseInt(NEWEST);
        } catch (SQLException e) {
            return false; // no such table yet: Flyway will say if it is anything else
        }
    }
}
