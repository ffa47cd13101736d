// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.config.Secret;
import dev.plimsoll.db.Session;
import dev.plimsoll.db.Topic;
import dev.plimsoll.db.Tx;
import dev.plimsoll.db.Write;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The SQL of `servers` and `server_answers`.
final class ServerStore {

    static final Topic<Server> TOPIC = new Topic<>("server", Server.class);
    static final Topic<LastAnswer> ANSWERS = new Topic<>("server-answer", LastAnswer.class);

    private final HealthRule rule;

    ServerStore(HealthRule rule) {
        this.rule = rule;
    }

    List<Server> all(Session session) {
        return session.handle()
                .createQuery("SELECT * FROM servers ORDER BY id")
                .map((row, _) -> read(row))
                .list();
    }

    Optional<Server> find(Session session, ServerId id) {
        return session.handle()
                .createQuery("SELECT * FROM servers WHERE id = :id")
                .bind("id", id.value())
                .map((row, _) -> read(row))
                .findOne();
    }

    /// By the keys under which they are announced.
    Map<String, Server> announced(Session session, List<String> ids) {
        var servers =
                ids.size() == 1
                        ? find(session, ServerId.stored(ids.getFirst())).stream().toList()
                        : findTogether(session, ids);
        return servers.stream().collect(toMap(server -> server.id().value(), identity()));
    }

    private List<Server> findTogether(Session session, List<String> ids) {
        var filledUp =
                IntStream.range(0, Topic.TOGETHER)
                        .mapToObj(i -> ids.get(Math.min(i, ids.size() - 1)))
                        .toList();
        return session.handle()
                .createQuery("SELECT * FROM servers WHERE id IN (<ids>)")
                .bindList("ids", filledUp)
                .map((row, _) -> read(row))
                .list();
    }

    boolean isAddressTaken(Session session, URI api, ServerId except) {
        return session.handle()
                        .createQuery("SELECT COUNT(*) FROM servers WHERE api = :api AND id <> :id")
                        .bind("api", api.toString())
                        .bind("id", except.value())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /// A new server is online after its first good poll. Its revisions begin with the time, so that it is never taken for
    /// another that had its id before.
    void insert(Tx tx, Server server, Instant now) {
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO servers (id, api, secret, checksum, weight, tags, admission, created_at, health, failures,
                            successes, health_since, health_reason, trouble, version, meetings, users, voices, videos, largest,
                            polled_at, reserved, reserved_at, max_users, max_meetings, max_intake, revision)
                        VALUES (:id, :api, :secret, :checksum, :weight, :tags, :admission, :now, 'UNSTABLE', 0,
                            :successes, :now, :reason, '', '', 0, 0, 0, 0, 0,
                            0, 0, :now, :maxUsers, :maxMeetings, :maxIntake, :now)
                        """)
                .bind("id", server.id().value())
                .bind("api", server.endpoint().api().toString())
                .bind("secret", server.endpoint().secret().reveal())
                .bind("checksum", server.endpoint().algorithm().settingName())
                .bind("weight", server.weight())
                .bind("tags", write(server.tags()))
                .bind("admission", server.admission().name())
                .bind("maxUsers", server.caps().users())
                .bind("maxMeetings", server.caps().meetings())
                .bind("maxIntake", server.caps().perMinute())
                .bind("successes", rule.successesUntilOnline() - 1)
                .bind("reason", Health.NOT_POLLED.reason())
                .bind("now", now.toEpochMilli())
                .execute();
        announce(tx, server.id());
    }

    void updateWishes(Tx tx, Server server) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE servers SET api = :api, secret = :secret, checksum = :checksum, weight = :weight,
                            tags = :tags, admission = :admission, max_users = :maxUsers, max_meetings = :maxMeetings,
                            max_intake = :maxIntake, revision = revision + 1
                        WHERE id = :id
                        """)
                .bind("id", server.id().value())
                .bind("api", server.endpoint().api().toString())
                .bind("secret", server.endpoint().secret().reveal())
                .bind("checksum", server.endpoint().algorithm().settingName())
                .bind("weight", server.weight())
                .bind("tags", write(server.tags()))
                .bind("admission", server.admission().name())
                .bind("maxUsers", server.caps().users())
                .bind("maxMeetings", server.caps().meetings())
                .bind("maxIntake", server.caps().perMinute())
                .execute();
        announce(tx, server.id());
    }

    void updateHealth(Tx tx, ServerId id, Health health, Instant now) {
        var update =
                tx.handle()
                        .createUpdate(
                                """
                                UPDATE servers SET health = :health, failures = :failures, successes = :successes,
                                    health_reason = :reason, trouble = :trouble, revision = revision + 1,
                                    health_since = CASE WHEN health = :health THEN health_since ELSE :now END
                                WHERE id = :id
                                """)
                        .bind("id", id.value())
                        .bind("now", now.toEpochMilli())
                        .bind("health", health.word().toUpperCase(Locale.ROOT))
                        .bind("reason", health.reason())
                        .bind(
                                "trouble",
                                health.trouble() == Trouble.NONE ? "" : health.trouble().name());
        (switch (health) {
                    case Health.Online(int polls, _) ->
                            update.bind("failures", 0).bind("successes", polls);
                    case Health.Unstable(int points, int successes, _) ->
                            update.bind("failures", points).bind("successes", successes);
                    case Health.Offline(_, _, int successes) ->
                            update.bind("failures", 0).bind("successes", successes);
                })
                .execute();
        announce(tx, id);
    }

    void updateSeen(Tx tx, Server before, Load load, String version, Instant now) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE servers SET meetings = :meetings, users = :users, voices = :voices, videos = :videos,
                            largest = :largest, version = :version, polled_at = :now, revision = revision + 1
                        WHERE id = :id
                        """)
                .bind("id", before.id().value())
                .bind("meetings", load.meetings())
                .bind("users", load.users())
                .bind("voices", load.voices())
                .bind("videos", load.videos())
                .bind("largest", load.largest())
                .bind("version", version)
                .bind("now", now.toEpochMilli())
                .execute();
        announce(tx, before.seen(load, version, now));
    }

    /// Does nothing if the server is not as given.
    static Write reserving(Server before, double reserved, Intake intake, Instant now) {
        return new Write(
                """
                UPDATE servers SET reserved = :reserved, reserved_at = :reservedAt, intake = :intake,
                    intake_since = :intakeSince, revision = revision + 1
                WHERE id = :server AND revision = :revision
                """,
                Map.of(
                        "server", before.id().value(),
                        "revision", before.revision(),
                        "reserved", reserved,
                        "reservedAt", now.toEpochMilli(),
                        "intake", intake.count(),
                        "intakeSince", intake.since().toEpochMilli()),
                tx -> announce(tx, before.reserving(reserved, now, intake)));
    }

    boolean delete(Tx tx, ServerId id) {
        announce(tx, id);
        return tx.handle()
                        .createUpdate("DELETE FROM servers WHERE id = :id")
                        .bind("id", id.value())
                        .execute()
                > 0;
    }

    Optional<byte[]> answer(Session session, ServerId id) {
        return session.handle()
                .createQuery("SELECT body FROM server_answers WHERE server_id = :id")
                .bind("id", id.value())
                .mapTo(byte[].class)
                .findOne();
    }

    void keepAnswer(Tx tx, ServerId id, LastAnswer answer) {
        tx.announce(ANSWERS, id.value(), answer);
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO server_answers (server_id, body) VALUES (:id, :body)
                        ON CONFLICT (server_id) DO UPDATE SET body = excluded.body
                        """)
                .bind("id", id.value())
                .bind("body", answer.packed())
                .execute();
    }

    private static void announce(Tx tx, Server after) {
        tx.announce(TOPIC, after.id().value(), after);
    }

    private static void announce(Tx tx, ServerId id) {
        tx.announce(TOPIC, id.value());
    }

    private Server read(ResultSet row) throws SQLException {
        var endpoint =
                new Endpoint(
                        URI.create(row.getString("api")),
                        new Secret(row.getString("secret")),
                        Checksum.Algorithm.named(row.getString("checksum")).orElseThrow());
        return new Server(
                ServerId.stored(row.getString("id")),
                endpoint,
                row.getDouble("weight"),
                readTags(row.getString("tags")),
                new Caps(
                        row.getInt("max_users"),
                        row.getInt("max_meetings"),
                        row.getInt("max_intake")),
                Admission.valueOf(row.getString("admission")),
                readHealth(row),
                readLoad(row),
                new Intake(row.getInt("intake"), Instant.ofEpochMilli(row.getLong("intake_since"))),
                row.getString("version"),
                Instant.ofEpochMilli(row.getLong("polled_at")),
                row.getLong("revision"));
    }

    private Health readHealth(ResultSet row) throws SQLException {
        int successes = row.getInt("successes");
        String trouble = row.getString("trouble");
        var failure =
                new Failure(
                        trouble.isEmpty() ? Trouble.NONE : Trouble.valueOf(trouble),
                        row.getString("health_reason"));
        return switch (row.getString("health")) {
            // Releases that did not count wrote 0.
            case "ONLINE" ->
                    new Health.Online(
                            successes == 0 ? rule.successesUntilFull() : successes,
                            rule.successesUntilFull());
            case "UNSTABLE" -> new Health.Unstable(row.getInt("failures"), successes, failure);
            default ->
                    new Health.Offline(
                            Instant.ofEpochMilli(row.getLong("health_since")), failure, successes);
        };
    }

    private static Load readLoad(ResultSet row) throws SQLException {
        return new Load(
                row.getInt("meetings"),
                row.getInt("users"),
                row.getInt("voices"),
                row.getInt("videos"),
                row.getInt("largest"),
                row.getDouble("reserved"),
                Instant.ofEpochMilli(row.getLong("reserved_at")));
    }

    private static String write(Set<String> tags) {
        return tags.stream().sorted().collect(Collectors.joining(","));
    }

    private static Set<String> readTags(String tags) {
        return Arrays.stream(tags.split(","))
                .filter(tag -> !tag.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
