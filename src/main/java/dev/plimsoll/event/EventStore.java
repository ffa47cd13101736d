// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.event;

import dev.plimsoll.db.Session;
import dev.plimsoll.db.Tx;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// The SQL of `events`.
final class EventStore {

    /// @return its id
    long insert(Tx tx, Instant at, String kind, String subject, String text) {
        return tx.handle()
                .createQuery(
                        """
                        INSERT INTO events (at, kind, subject, text) VALUES (:at, :kind, :subject, :text)
                        RETURNING id
                        """)
                .bind("at", at.toEpochMilli())
                .bind("kind", kind)
                .bind("subject", subject)
                .bind("text", text)
                .mapTo(Long.class)
                .one();
    }

    /// The oldest that came after that one.
    List<Event> after(Session session, long id, int limit) {
        return session.handle()
                .createQuery("SELECT * FROM events WHERE id > :id ORDER BY id LIMIT :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map((row, _) -> read(row))
                .list();
    }

    /// The newest, the newest first.
    List<Event> newest(Session session, int limit) {
        return session.handle()
                .createQuery("SELECT * FROM events ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, _) -> read(row))
                .list();
    }

    /// Drops what is older than that time, and what came before that id.
    void prune(Tx tx, Instant before, long firstKept) {
        tx.handle()
                .createUpdate("DELETE FROM events WHERE at < :before")
                .bind("before", before.toEpochMilli())
                .execute();
        tx.handle()
                .createUpdate("DELETE FROM events WHERE id < :first")
                .bind("first", firstKept)
                .execute();
    }

    private static Event read(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("id"),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("text"));
    }
}
