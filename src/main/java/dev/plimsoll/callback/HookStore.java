// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.db.Session;
import dev.plimsoll.db.Topic;
import dev.plimsoll.db.Tx;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.tenant.TenantId;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SQL of `hooks`, `deliveries`, `seen_events` and `hook_tokens`.
final class HookStore {

    static final Topic<Hook> TOPIC = new Topic<>("hook", Hook.class);

    /// Of hooks that have something to tell.
    static final Topic<Void> WAITING = new Topic<>("hook-waiting", Void.class);

    static final Topic<Void> TOKENS = new Topic<>("hook-token", Void.class);

    List<Hook> all(Session session) {
        return session.handle()
                .createQuery("SELECT * FROM hooks ORDER BY created_at, id")
                .map((row, _) -> read(row))
                .list();
    }

    Optional<Hook> find(Session session, String id) {
        return session.handle()
                .createQuery("SELECT * FROM hooks WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> read(row))
                .findOne();
    }

    Optional<Hook> find(Session session, Hook.Wish wish) {
        return session.handle()
                .createQuery(
                        "SELECT * FROM hooks WHERE tenant = :tenant AND callback_url = :url AND meeting_id = :meeting")
                .bind("tenant", wish.tenant().value())
                .bind("url", wish.callbackUrl())
                .bind("meeting", wish.meetingId().orElse(""))
                .map((row, _) -> read(row))
                .findOne();
    }

    int count(Session session, TenantId tenant) {
        return session.handle()
                .createQuery("SELECT COUNT(*) FROM hooks WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(Integer.class)
                .one();
    }

    void insert(Tx tx, Hook hook) {
        var wish = hook.wish();
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO hooks (id, tenant, callback_url, meeting_id, event_ids, kind, created_at,
                            leaves_at, failures, due)
                        VALUES (:id, :tenant, :url, :meeting, :events, :kind, :now, 0, 0, 0)
                        """)
                .bind("id", hook.id())
                .bind("tenant", wish.tenant().value())
                .bind("url", wish.callbackUrl())
                .bind("meeting", wish.meetingId().orElse(""))
                .bind("events", String.join(",", wish.eventIds()))
                .bind("kind", wish.kind().name())
                .bind("now", hook.madeAt().toEpochMilli())
                .execute();
        tx.announce(TOPIC, hook.id());
    }

    /// Takes a hook away with all that it had to say.
    ///
    /// @return whether it was there
    boolean delete(Tx tx, String id) {
        tx.announce(TOPIC, id);
        return tx.handle().createUpdate("DELETE FROM hooks WHERE id = :id").bind("id", id).execute()
                > 0;
    }

    void setLeaving(Tx tx, String id, Optional<Instant> at) {
        tx.handle()
                .createUpdate("UPDATE hooks SET leaves_at = :at WHERE id = :id")
                .bind("at", at.map(Instant::toEpochMilli).orElse(0L))
                .bind("id", id)
                .execute();
        tx.announce(TOPIC, id);
    }

    private static Hook read(ResultSet row) throws SQLException {
        String meeting = row.getString("meeting_id");
        String events = row.getString("event_ids");
        long leaves = row.getLong("leaves_at");
        return new Hook(
                row.getString("id"),
                new Hook.Wish(
                        new TenantId(row.getString("tenant")),
                        row.getString("callback_url"),
                        meeting.isEmpty() ? Optional.empty() : Optional.of(meeting),
                        events.isEmpty() ? List.of() : List.of(events.split(",")),
                        EventKind.valueOf(row.getString("kind"))),
                Instant.ofEpochMilli(row.getLong("created_at")),
                leaves == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(leaves)));
    }

    /// Notes an event of a server.
    ///
    /// @return whether it is the first time
    boolean firstSeen(Tx tx, ServerId server, String digest, Instant now) {
        return tx.handle()
                        .createUpdate(
                                """
                                INSERT INTO seen_events (server_id, digest, seen_at) VALUES (:server, :digest, :now)
                                ON CONFLICT (server_id, digest) DO NOTHING
                                """)
                        .bind("server", server.value())
                        .bind("digest", digest)
                        .bind("now", now.toEpochMilli())
                        .execute()
                > 0;
    }

    void forgetSeenBefore(Tx tx, Instant limit) {
        tx.handle()
                .createUpdate("DELETE FROM seen_events WHERE seen_at < :limit")
                .bind("limit", limit.toEpochMilli())
                .execute();
    }

    int waiting(Session session, String hookId) {
        return session.handle()
                .createQuery("SELECT COUNT(*) FROM deliveries WHERE hook_id = :hook")
                .bind("hook", hookId)
                .mapTo(Integer.class)
                .one();
    }

    /// Puts an event at the end of a hook's line.
    ///
    /// @param most that may wait; not counted, for the line may be long: it has no gaps, since only its first is ever
    ///     taken out
    /// @return whether there was room
    boolean append(Tx tx, String hookId, String event, long stamp, int most) {
        tx.announce(WAITING, hookId);
        return tx.handle()
                        .createUpdate(
                                """
                                INSERT INTO deliveries (hook_id, seq, event, stamp)
                                SELECT :hook, last + 1, :event, :stamp FROM (SELECT
                                    COALESCE((SELECT MAX(seq) FROM deliveries WHERE hook_id = :hook), 0) AS last,
                                    COALESCE((SELECT MIN(seq) FROM deliveries WHERE hook_id = :hook), 1) AS first)
                                    AS line
                                WHERE last - first + 1 < :most
                                """)
                        .bind("hook", hookId)
                        .bind("event", event)
                        .bind("stamp", stamp)
                        .bind("most", most)
                        .execute()
                > 0;
    }

    /// When to go on with each hook that has something to tell.
    Map<String, Instant> due(Session session) {
        var due = new HashMap<String, Instant>();
        session.handle()
                .createQuery(
                        "SELECT id, due FROM hooks WHERE EXISTS (SELECT 1 FROM deliveries WHERE hook_id = id)")
                .map((row, _) ->
                        Map.entry(row.getString("id"), Instant.ofEpochMilli(row.getLong("due"))))
                .forEach(entry -> due.put(entry.getKey(), entry.getValue()));
        return due;
    }

    /// The first deliveries of a hook, in order.
    List<Delivery> next(Session session, String hookId, int most) {
        return session.handle()
                .createQuery(
                        """
                        SELECT hook_id, callback_url, tenant, failures, seq, event, stamp
                        FROM deliveries JOIN hooks ON id = hook_id
                        WHERE hook_id = :hook ORDER BY seq LIMIT :most
                        """)
                .bind("hook", hookId)
                .bind("most", most)
                .map((row, _) ->
                        new Delivery(
                                row.getString("hook_id"),
                                row.getString("callback_url"),
                                new TenantId(row.getString("tenant")),
                                row.getInt("failures"),
                                row.getLong("seq"),
                                row.getString("event"),
                                row.getLong("stamp")))
                .list();
    }

    /// Takes out what the receiver took, and nothing else: an empty line counts from the beginning again, and for a
    /// moment two instances may tell the same hook.
    void delivered(Tx tx, Delivery delivery) {
        tx.handle()
                .createUpdate(
                        """
                        DELETE FROM deliveries
                        WHERE hook_id = :hook AND seq = :seq AND stamp = :stamp AND event = :event
                        """)
                .bind("hook", delivery.hookId())
                .bind("seq", delivery.seq())
                .bind("stamp", delivery.stamp())
                .bind("event", delivery.event())
                .execute();
        if (delivery.failures() > 0) {
            setFailures(tx, delivery.hookId(), 0, Instant.EPOCH);
        }
    }

    void setFailures(Tx tx, String hookId, int failures, Instant due) {
        tx.handle()
                .createUpdate("UPDATE hooks SET failures = :failures, due = :due WHERE id = :hook")
                .bind("failures", failures)
                .bind("due", due.toEpochMilli())
                .bind("hook", hookId)
                .execute();
    }

    Map<String, ServerId> tokens(Session session) {
        var tokens = new HashMap<String, ServerId>();
        session.handle()
                .createQuery("SELECT server_id, token FROM hook_tokens")
                .map((row, _) ->
                        Map.entry(
                                row.getString("token"),
                                ServerId.stored(row.getString("server_id"))))
                .forEach(entry -> tokens.put(entry.getKey(), entry.getValue()));
        return tokens;
    }

    /// @return the server's token, which is an earlier one if it has one
    String keepToken(Tx tx, ServerId server, String token) {
        tx.announce(TOKENS, server.value());
        // Nothing is kept for a server that was removed meanwhile.
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO hook_tokens (server_id, token) SELECT id, :token FROM servers WHERE id = :server
                        ON CONFLICT (server_id) DO NOTHING
                        """)
                .bind("server", server.value())
                .bind("token", token)
                .execute();
        return tx.handle()
                .createQuery("SELECT token FROM hook_tokens WHERE server_id = :server")
                .bind("server", server.value())
                .mapTo(String.class)
                .findOne()
                .orElse(token);
    }
}
