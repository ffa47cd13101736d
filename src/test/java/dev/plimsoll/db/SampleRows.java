// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.Handle;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Rows of every table, with what is hard to carry: characters of four bytes, all bytes, fractions, empty texts.
final class SampleRows {

    private static final byte[] BYTES = new byte[256];

    static {
        for (int i = 0; i < BYTES.length; i++) {
            BYTES[i] = (byte) i;
        }
    }

    private SampleRows() {}

    static void insert(Handle handle) {
        server(handle, "bbb1");
        handle.execute("INSERT INTO server_answers VALUES ('bbb1', ?)", (Object) BYTES);
        for (int i = 0; i < 500; i++) {
            handle.execute(
                    """
                    INSERT INTO meetings (tenant, meeting_id, server_id, state, claim_id, claim_until, claimed_at,
                        confirmed_at, internal_id, create_time, reservation, why, params, body_type, body, answer,
                        formers, peak_users)
                    VALUES ('t', ?, 'bbb1', 'CONFIRMED', 'c', 0, 1, 2, 'i', 1700000000123, 0.1, 'quoted " \\ why',
                        'name=😀\t\r\n', '', ?, '', 'a:1', 3)
                    """,
                    "room 😀 " + i,
                    i % 2 == 0 ? BYTES : new byte[0]);
        }
        handle.execute("INSERT INTO strays VALUES ('bbb1', 's', '', 'ENDED', 9)");
        handle.execute("INSERT INTO ended_meetings VALUES ('t', 'm', 'i', 's', 1, 2, 'gone', 3)");
        handle.execute("INSERT INTO recording_hints VALUES ('r', 'bbb1')");
        handle.execute(
                "INSERT INTO hooks VALUES ('h', 't', 'https://x', '', '', 'RAW', 1, 0, 2, 3)");
        handle.execute("INSERT INTO deliveries VALUES ('h', 4611686018427387904, '{}', 5)");
        handle.execute("INSERT INTO seen_events VALUES ('bbb1', 'd', 1)");
        handle.execute("INSERT INTO hook_tokens VALUES ('bbb1', 'token of bbb1')");
        for (int i = 0; i < 3; i++) {
            addEvent(handle);
        }
        handle.execute("DELETE FROM events WHERE id = (SELECT MIN(id) FROM events)");
    }

    private static void server(Handle handle, String id) {
        handle.execute(
                """
                INSERT INTO servers (id, api, secret, weight, tags, admission, created_at, health, failures, successes,
                    health_since, health_reason, version, meetings, users, voices, videos, largest, polled_at, reserved,
                    reserved_at, checksum, trouble)
                VALUES (?, ?, 'ß€😀', 1.0E-300, '', 'ENABLED', 1, 'ONLINE', 0, 2, 3, '', '3.0', 1, 2, 3, 4, 5, 6,
                    12345.678901234567, 7, 'sha512', '')
                """,
                id,
                "https://" + id);
    }

    static int addPair(Handle handle, String id) {
        server(handle, id);
        return handle.execute("INSERT INTO hook_tokens VALUES (?, ?)", id, "token of " + id);
    }

    static int addEvent(Handle handle) {
        return handle.execute(
                "INSERT INTO events (at, kind, subject, text) VALUES (1, 'k', 's', 't')");
    }

    static long highestEvent(Session session) {
        return session.handle().createQuery("SELECT MAX(id) FROM events").mapTo(Long.class).one();
    }

    static String checksums(Session session) {
        return session.handle()
                .createQuery("SELECT DISTINCT checksum FROM servers")
                .mapTo(String.class)
                .one();
    }

    /// All rows of all tables as sorted text.
    static Map<String, List<String>> content(Session session) {
        var content = new TreeMap<String, List<String>>();
        try {
            var connection = session.handle().getConnection();
            for (String table : Catalogue.read(connection).orElseThrow().tables()) {
                var lines = new ArrayList<String>();
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT * FROM " + table)) {
                    while (rows.next()) {
                        var line = new ArrayList<String>();
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            line.add(
                                    rows.getMetaData().getColumnName(i)
                                            + "="
                                            + (rows.getObject(i) instanceof byte[] bytes
                                                    ? HexFormat.of().formatHex(bytes)
                                                    : String.valueOf(rows.getObject(i))));
                        }
                        lines.add(String.join(" ", line));
                    }
                }
                Collections.sort(lines);
                content.put(table, lines);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return content;
    }
}
