// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/// Writes down the whole state as it was at one moment, in a form that both engines can be filled from. Instances may
/// go on working meanwhile. What it writes holds secrets.
public final class Backup {

    /// Where a backup comes from.
    ///
    /// @param program version of Plimsoll
    public record Origin(Instant at, String program) {}

    /// Rows held at a time; each may hold a presentation of 20 MB.
    private static final int ROWS_FETCHED = 5;

    private Backup() {}

    /// @param generated files of the data directory, by name
    /// @param progress hears of table and rows so far
    /// @return rows by table
    /// @throws DatabaseException also when there is no database yet
    public static Map<String, Long> write(
            DatabaseSettings settings,
            Map<String, String> generated,
            Origin origin,
            OutputStream out,
            ObjLongConsumer<String> progress)
            throws IOException {
        try (var access = Access.reading(settings)) {
            var catalogue =
                    Catalogue.read(access.connection())
                            .orElseThrow(() ->
                                    new DatabaseException(
                                            "the database has no tables of Plimsoll; there is nothing to back up"));
            var writer = new BackupWriter(out);
            writer.head(catalogue, access.engine(), origin);
            for (var file : generated.entrySet()) {
                writer.file(file.getKey(), file.getValue());
            }
            var counts = new LinkedHashMap<String, Long>();
            for (String table : catalogue.tables()) {
                counts.put(table, rows(access, table, writer, progress));
            }
            writer.end(counts);
            return counts;
        } catch (SQLException e) {
            throw DatabaseException.unread(settings.place().where(), e);
        }
    }

    private static long rows(
            Access access, String table, BackupWriter writer, ObjLongConsumer<String> progress)
            throws SQLException, IOException {
        long count = 0;
        try (var statement = access.connection().createStatement()) {
            statement.setFetchSize(ROWS_FETCHED);
            try (var rows = statement.executeQuery("SELECT * FROM " + table)) {
                while (rows.next()) {
                    writer.row(table, columns(rows));
                    progress.accept(table, ++count);
                }
            }
        }
        return count;
    }

    private static ObjectNode columns(ResultSet rows) throws SQLException {
        var columns = JsonMapper.shared().createObjectNode();
        var names = rows.getMetaData();
        for (int i = 1; i <= names.getColumnCount(); i++) {
            String name = names.getColumnName(i);
            switch (rows.getObject(i)) {
                case null -> columns.putNull(name);
                case byte[] bytes -> columns.putObject(name).put("bytes", bytes);
                case String text -> columns.put(name, text);
                case Double number -> columns.put(name, number);
                case Long number -> columns.put(name, number);
                case Integer number -> columns.put(name, number);
                case Object other ->
                        throw new IllegalStateException(
                                "a column of a type that has no form in a backup: "
                                        + other.getClass());
            }
        }
        return columns;
    }
}
