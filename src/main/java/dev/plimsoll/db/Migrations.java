// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.flywaydb.core.Flyway;

import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

/// Brings the tables up to date with the numbered files in `dev/plimsoll/migrations`.
final class Migrations {

    /// The number of the newest file; a test compares it with what is there.
    static final String NEWEST = "1";

    private Migrations() {}

    static void bringUpToDate(DataSource source) {
        if (isUpToDate(source)) {
            return; // Flyway takes a fifth of a second to find that out; a restart should not
        }
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:dev/plimsoll/migrations")
                // The few words in which the engines differ.
                .placeholders(Map.of("bytes", "BLOB"))
                .load()
                .migrate();
    }

    private static boolean isUpToDate(DataSource source) {
        String question =
                "SELECT COUNT(*) FROM flyway_schema_history WHERE version = ? AND success";
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement(question)) {
            statement.setString(1, NEWEST);
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getInt(1) == 1;
            }
        } catch (SQLException e) {
            return false; // no such table yet: Flyway will say if it is anything else
        }
    }
}
