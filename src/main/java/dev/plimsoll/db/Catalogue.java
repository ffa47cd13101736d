// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The tables that hold our state, as the database itself lists them: one of a new migration cannot be forgotten.
///
/// @param version of the tables, the number of the newest migration
/// @param tables what others refer to comes before them
record Catalogue(int version, List<String> tables) {

    private static final String HISTORY = "flyway_schema_history";

    /// Who is alive: that is no state, and would be wrong a moment later.
    static final String INSTANCES = "instances";

    /// @return empty if the database has no tables of ours
    static Optional<Catalogue> read(Connection connection) throws SQLException {
        var names = names(connection);
        if (!names.contains(HISTORY)) {
            return Optional.empty();
        }
        int version = version(connection);
        names.removeAll(Set.of(HISTORY, INSTANCES));
        return Optional.of(new Catalogue(version, sorted(references(connection, names))));
    }

    /// All tables, also those that hold no state.
    static SortedSet<String> names(Connection connection) throws SQLException {
        var names = new TreeSet<String>();
        try (var rows =
                connection
                        .getMetaData()
                        .getTables(
                                connection.getCatalog(),
                                connection.getSchema(),
                                "%",
                                new String[] {"TABLE"})) {
            while (rows.next()) {
                names.add(rows.getString("TABLE_NAME"));
            }
        }
        names.removeIf(name -> name.startsWith("sqlite_"));
        return names;
    }

    private static int version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT version FROM "
                                        + HISTORY
                                        + " WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1")) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    private static SortedMap<String, Set<String>> references(
            Connection connection, Set<String> names) throws SQLException {
        var references = new TreeMap<String, Set<String>>();
        for (String name : names) {
            var others = new TreeSet<String>();
            try (var keys =
                    connection
                            .getMetaData()
                            .getImportedKeys(
                                    connection.getCatalog(), connection.getSchema(), name)) {
                while (keys.next()) {
                    others.add(keys.getString("PKTABLE_NAME"));
                }
            }
            others.remove(name);
            references.put(name, others);
        }
        return references;
    }

    /// Puts each table behind those that it refers to.
    static List<String> sorted(SortedMap<String, Set<String>> references) {
        var order = new LinkedHashSet<String>();
        while (order.size() < references.size()) {
            String next =
                    references.entrySet().stream()
                            .filter(entry -> !order.contains(entry.getKey()))
                            .filter(entry -> order.containsAll(entry.getValue()))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "tables refer to each other in a circle: "
                                                    + references));
            order.add(next);
        }
        return Collections.unmodifiableList(new ArrayList<>(order));
    }

    /// The columns of a table.
    static Set<String> columns(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
            var columns = new LinkedHashSet<String>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                columns.add(rows.getMetaData().getColumnName(i));
            }
            return columns;
        }
    }
}
