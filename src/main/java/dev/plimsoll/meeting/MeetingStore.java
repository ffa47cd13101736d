// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.db.Session;
import dev.plimsoll.db.Topic;
import dev.plimsoll.db.Tx;
import dev.plimsoll.db.Write;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.tenant.TenantId;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The SQL of `meetings`, `strays` and `ended_meetings`.
final class MeetingStore {

    static final Topic<Meeting> TOPIC = new Topic<>("meeting", Meeting.class);

    private static final String COLUMNS =
            """
            tenant, meeting_id, server_id, state, claim_id, claim_until, claimed_at, confirmed_at, internal_id,
            create_time, reservation, formers
            """;

    private static final String FIND =
            "SELECT " + COLUMNS + " FROM meetings WHERE tenant = :tenant AND meeting_id = :id";

    // Not IN: when its plan is made, the table may be so small that PostgreSQL would always read
    // the whole of it.
    private static final String FIND_TOGETHER =
            IntStream.range(0, Topic.TOGETHER)
                    .mapToObj(i -> FIND.replaceAll(":(tenant|id)", ":$1" + i))
                    .collect(Collectors.joining(" UNION ALL "));

    List<Meeting> all(Session session) {
        return session.handle()
                .createQuery("SELECT " + COLUMNS + " FROM meetings")
                .map((row, _) -> read(row))
                .list();
    }

    Optional<Meeting> find(Session session, Meeting.Key key) {
        return session.handle()
                .createQuery(FIND)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .map((row, _) -> read(row))
                .findOne();
    }

    /// By the keys under which they are announced.
    Map<String, Meeting> announced(Session session, List<String> keys) {
        var meetings = find(session, keys.stream().map(Meeting.Key::parse).toList());
        return meetings.stream().collect(toMap(meeting -> meeting.key().text(), identity()));
    }

    private List<Meeting> find(Session session, List<Meeting.Key> keys) {
        return keys.size() == 1
                ? find(session, keys.getFirst()).stream().toList()
                : findTogether(session, keys);
    }

    private static List<Meeting> findTogether(Session session, List<Meeting.Key> keys) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < Topic.TOGETHER; i++) {
            // Not NULL: PostgreSQL's driver would have the statement planned anew for each pattern
            // of those.
            values.put("tenant" + i, i < keys.size() ? keys.get(i).tenant().value() : "");
            values.put("id" + i, i < keys.size() ? keys.get(i).meetingId() : "");
        }
        return session.handle()
                .createQuery(FIND_TOGETHER)
                .bindMap(values)
                .map((row, _) -> read(row))
                .list();
    }

    /// All of a server, those that are lost included.
    List<Meeting> on(Session session, ServerId server) {
        return session.handle()
                .createQuery("SELECT " + COLUMNS + " FROM meetings WHERE server_id = :server")
                .bind("server", server.value())
                .map((row, _) -> read(row))
                .list();
    }

    /// Those that run there or are being created; not those that are lost.
    int countOn(Session session, ServerId server) {
        return session.handle()
                .createQuery(
                        "SELECT COUNT(*) FROM meetings WHERE server_id = :server AND state <> 'LOST'")
                .bind("server", server.value())
                .mapTo(Integer.class)
                .one();
    }

    /// Those that are lost among them. Index only, so it costs next to nothing.
    Map<ServerId, Integer> countsWithLost(Session session) {
        Map<ServerId, Integer> counts = new HashMap<>();
        session.handle()
                .createQuery("SELECT server_id, COUNT(*) AS n FROM meetings GROUP BY server_id")
                .map((row, _) ->
                        Map.entry(ServerId.stored(row.getString("server_id")), row.getInt("n")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /// The servers of meetings for which so much or more was reserved.
    // Not DISTINCT: for that, SQLite would read the whole table in the order of another index.
    // The number in the text: with one that is bound, PostgreSQL expects a third of the table.
    Set<ServerId> serversWithReservation(Session session, double least) {
        return session.handle()
                .createQuery(
                        "SELECT server_id FROM meetings WHERE reservation >= %s AND state <> 'LOST'"
                                .formatted(least))
                .map((row, _) -> ServerId.stored(row.getString("server_id")))
                .set();
    }

    /// What decides where a meeting is opened.
    ///
    /// @param row as it is registered
    /// @param peak most people in it as it runs, or was lost, and in its last three runs; 0 when there were none
    /// @param doubted servers that may still open it, or run it, though we gave that up
    record Found(Optional<Meeting> row, int peak, Set<ServerId> doubted) {}

    /// In one question, since with PostgreSQL each is a way there and back.
    Found lookUp(Session session, Meeting.Key key, Instant since) {
        return session.handle()
                .createQuery(
                        "SELECT "
                                + COLUMNS
                                + """
                                , peak_users,
                                    (SELECT MAX(peak_users) FROM (
                                        SELECT peak_users FROM ended_meetings
                                        WHERE tenant = :tenant AND meeting_id = :id AND ended_at >= :since
                                            AND reason NOT IN ('left', 'left-ended')
                                        ORDER BY ended_at DESC LIMIT 3) AS ended) AS earlier_peak,
                                    (SELECT STRING_AGG(server_id, ' ') FROM strays
                                        WHERE scoped_id = :scopedId AND cause = 'ANSWER_LOST') AS doubted
                                FROM (SELECT 1 AS one) AS one
                                LEFT JOIN meetings ON tenant = :tenant AND meeting_id = :id
                                """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("scopedId", key.scopedId())
                .bind("since", since.toEpochMilli())
                .map((row, _) -> readFound(row))
                .one();
    }

    private static Found readFound(ResultSet row) throws SQLException {
        boolean registered = row.getString("tenant") != null;
        String doubted = row.getString("doubted");
        return new Found(
                registered ? Optional.of(read(row)) : Optional.empty(),
                Math.max(row.getInt("peak_users"), row.getInt("earlier_peak")), // NULL is 0
                doubted == null
                        ? Set.of()
                        : Stream.of(doubted.split(" "))
                                .map(ServerId::stored)
                                .collect(Collectors.toUnmodifiableSet()));
    }

    /// Notes how many people are in a run, if it has not had more. Nobody waits for that, so it is not announced.
    void raisePeak(Tx tx, Meeting run, int users) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE meetings SET peak_users = :users
                        WHERE tenant = :tenant AND meeting_id = :id AND internal_id = :internalId
                            AND peak_users < :users
                        """)
                .bind("tenant", run.key().tenant().value())
                .bind("id", run.key().meetingId())
                .bind("internalId", run.internalId())
                .bind("users", users)
                .execute();
    }

    /// Claims a meeting of which nothing is known, together with its place. Does nothing if its server is not as it was,
    /// or somebody was faster.
    ///
    /// @param place gives it to its server
    Write claiming(Write place, Meeting meeting, Recipe recipe, String why) {
        return place.unless(
                        """
                        EXISTS (SELECT 1 FROM meetings WHERE tenant = :tenant AND meeting_id = :id)
                            OR EXISTS (SELECT 1 FROM strays WHERE scoped_id = :scopedId AND cause = 'ANSWER_LOST')
                        """,
                        Map.of(
                                "tenant", meeting.key().tenant().value(),
                                "id", meeting.key().meetingId(),
                                "scopedId", meeting.key().scopedId()))
                .then(insertion(meeting, recipe, why));
    }

    /// @param meeting a claim
    /// @param why it was placed on its server
    void insert(Tx tx, Meeting meeting, Recipe recipe, String why) {
        tx.does(insertion(meeting, recipe, why));
    }

    private static Write insertion(Meeting meeting, Recipe recipe, String why) {
        return new Write(
                """
                INSERT INTO meetings (tenant, meeting_id, server_id, state, claim_id, claim_until, claimed_at,
                    confirmed_at, internal_id, create_time, reservation, why, params, body_type, body, answer, formers)
                SELECT :tenant, :id, :server, 'CLAIMED', :claim, :until, :claimedAt,
                    0, '', 0, :reservation, :why, :params, :bodyType, :body, '', :formers
                """,
                Map.ofEntries(
                        Map.entry("tenant", meeting.key().tenant().value()),
                        Map.entry("id", meeting.key().meetingId()),
                        Map.entry("server", meeting.server().value()),
                        Map.entry("claim", meeting.claimId()),
                        Map.entry("until", meeting.claimUntil().toEpochMilli()),
                        Map.entry("claimedAt", meeting.claimedAt().toEpochMilli()),
                        Map.entry("reservation", meeting.reservation()),
                        Map.entry("why", why),
                        Map.entry("formers", write(meeting.formers())),
                        Map.entry("params", recipe.params().query()),
                        Map.entry(
                                "bodyType",
                                recipe.body().map(ServerCall.Body::contentType).orElse("")),
                        Map.entry(
                                "body",
                                recipe.body().map(ServerCall.Body::bytes).orElse(new byte[0]))),
                tx -> tx.announce(TOPIC, meeting.key().text(), meeting));
    }

    /// Why the meeting was placed on its server.
    Optional<String> why(Session session, Meeting.Key key) {
        return session.handle()
                .createQuery("SELECT why FROM meetings WHERE tenant = :tenant AND meeting_id = :id")
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .mapTo(String.class)
                .findOne();
    }

    /// How the meeting was created.
    Optional<Recipe> recipe(Session session, Meeting.Key key) {
        return session.handle()
                .createQuery(
                        "SELECT params, body_type, body FROM meetings WHERE tenant = :tenant AND meeting_id = :id")
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .map((row, _) -> {
                    String type = row.getString("body_type");
                    byte[] body = row.getBytes("body");
                    return new Recipe(
                            Params.parse(row.getString("params")),
                            type.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(new ServerCall.Body(type, body)));
                })
                .findOne();
    }

    /// The server's answer to the create; empty text before it is confirmed.
    String answer(Session session, Meeting.Key key) {
        return session.handle()
                .createQuery(
                        "SELECT answer FROM meetings WHERE tenant = :tenant AND meeting_id = :id")
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .mapTo(String.class)
                .findOne()
                .orElse("");
    }

    /// Whether a meeting of that id is registered on the server, or being created there.
    boolean isRegistered(Session session, ServerId server, String scopedId) {
        return session.handle()
                        .createQuery(
                                """
                                SELECT COUNT(*) FROM meetings
                                WHERE server_id = :server AND state <> 'LOST'
                                    AND CASE tenant WHEN :default THEN meeting_id ELSE tenant || '~' || meeting_id END
                                        = :scopedId
                                """)
                        .bind("server", server.value())
                        .bind("default", TenantId.DEFAULT.value())
                        .bind("scopedId", scopedId)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /// Confirms what nothing has happened to since it was claimed so, and nothing speaks against: most often so.
    Write confirming(
            Meeting claim, String internalId, long createTime, String answer, Instant now) {
        // The server is compared as an expression: where all servers were empty when the plan was
        // made, PostgreSQL would look through all meetings of the server for this one.
        return new Write(
                """
                UPDATE meetings SET state = 'CONFIRMED', internal_id = :internalId,
                    create_time = :createTime, confirmed_at = :now, answer = :answer
                WHERE tenant = :tenant AND meeting_id = :id AND state = 'CLAIMED' AND formers = ''
                    AND claim_id = :claim AND claim_until = :until AND server_id || '' = :server
                    AND EXISTS (SELECT 1 FROM servers WHERE id = :server AND admission <> 'DISABLED')
                    AND NOT EXISTS (SELECT 1 FROM strays
                        WHERE server_id = :server AND scoped_id = :scopedId
                            AND internal_id = :internalId)
                """,
                Map.of(
                        "tenant", claim.key().tenant().value(),
                        "id", claim.key().meetingId(),
                        "scopedId", claim.key().scopedId(),
                        "server", claim.server().value(),
                        "claim", claim.claimId(),
                        "until", claim.claimUntil().toEpochMilli(),
                        "internalId", internalId,
                        "createTime", createTime,
                        "answer", answer,
                        "now", now.toEpochMilli()),
                tx ->
                        tx.announce(
                                TOPIC,
                                claim.key().text(),
                                claim.confirmed(internalId, createTime, now)));
    }

    void confirm(
            Tx tx,
            Meeting.Key key,
            String internalId,
            long createTime,
            String answer,
            Instant now) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE meetings SET state = 'CONFIRMED', internal_id = :internalId, create_time = :createTime,
                            confirmed_at = :now, answer = :answer
                        WHERE tenant = :tenant AND meeting_id = :id
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("internalId", internalId)
                .bind("createTime", createTime)
                .bind("answer", answer)
                .bind("now", now.toEpochMilli())
                .execute();
        announce(tx, key);
    }

    /// Marks the meetings that run on a server as lost.
    ///
    /// @param until when they are forgotten
    List<Meeting.Key> loseAllOn(Tx tx, ServerId server, Instant until) {
        var lost =
                tx.handle()
                        .createQuery(
                                """
                                UPDATE meetings SET state = 'LOST', claim_until = :until
                                WHERE server_id = :server AND state = 'CONFIRMED'
                                RETURNING tenant, meeting_id
                                """)
                        .bind("server", server.value())
                        .bind("until", until.toEpochMilli())
                        .map((row, _) ->
                                new Meeting.Key(
                                        new TenantId(row.getString("tenant")),
                                        row.getString("meeting_id")))
                        .list();
        lost.forEach(key -> announce(tx, key));
        return lost;
    }

    void keepRecipe(Tx tx, Meeting.Key key, Recipe recipe) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE meetings SET params = :params, body_type = :bodyType, body = :body
                        WHERE tenant = :tenant AND meeting_id = :id
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("params", recipe.params().query())
                .bind("bodyType", recipe.body().map(ServerCall.Body::contentType).orElse(""))
                .bind("body", recipe.body().map(ServerCall.Body::bytes).orElse(new byte[0]))
                .execute();
    }

    void setState(Tx tx, Meeting.Key key, Meeting.State state, Instant until) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE meetings SET state = :state, claim_until = :until
                        WHERE tenant = :tenant AND meeting_id = :id
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("state", state.name())
                .bind("until", until.toEpochMilli())
                .execute();
        announce(tx, key);
    }

    /// Ties a meeting to another server, where it runs already.
    void transfer(Tx tx, Meeting to, String answer, String why) {
        tx.handle()
                .createUpdate(
                        """
                        UPDATE meetings SET state = 'CONFIRMED', server_id = :server, claim_id = :claim,
                            claimed_at = :claimedAt, confirmed_at = :confirmedAt, internal_id = :internalId,
                            create_time = :createTime, reservation = :reservation, why = :why, answer = :answer,
                            formers = :formers
                        WHERE tenant = :tenant AND meeting_id = :id
                        """)
                .bind("tenant", to.key().tenant().value())
                .bind("id", to.key().meetingId())
                .bind("server", to.server().value())
                .bind("claim", to.claimId())
                .bind("claimedAt", to.claimedAt().toEpochMilli())
                .bind("confirmedAt", to.confirmedAt().toEpochMilli())
                .bind("internalId", to.internalId())
                .bind("createTime", to.createTime())
                .bind("reservation", to.reservation())
                .bind("why", why)
                .bind("answer", answer)
                .bind("formers", write(to.formers()))
                .execute();
        announce(tx, to.key());
    }

    void delete(Tx tx, Meeting.Key key) {
        tx.handle()
                .createUpdate("DELETE FROM meetings WHERE tenant = :tenant AND meeting_id = :id")
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .execute();
        announce(tx, key);
    }

    /// Lets every claim be taken over; at start, when no other instance can hold one.
    ///
    /// @param holder how their claim ids begin
    void expireClaims(Tx tx, String holder, Instant now) {
        tx.handle()
                .createQuery(
                        """
                        UPDATE meetings SET claim_until = :now
                        WHERE state = 'CLAIMED' AND claim_until > :now
                            AND SUBSTR(claim_id, 1, LENGTH(:holder)) = :holder
                        RETURNING tenant, meeting_id
                        """)
                .bind("now", now.toEpochMilli())
                .bind("holder", holder)
                .map((row, _) ->
                        new Meeting.Key(
                                new TenantId(row.getString("tenant")), row.getString("meeting_id")))
                .list()
                .forEach(key -> announce(tx, key));
    }

    /// Keeps in the history what is still registered.
    void remember(Tx tx, Meeting meeting, String reason, Instant now) {
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO ended_meetings
                            (tenant, meeting_id, internal_id, server_id, create_time, ended_at, reason, peak_users)
                        SELECT tenant, meeting_id, :internalId, :server, :createTime, :now, :reason, peak_users
                        FROM meetings WHERE tenant = :tenant AND meeting_id = :id
                        """)
                .bind("tenant", meeting.key().tenant().value())
                .bind("id", meeting.key().meetingId())
                .bind("internalId", meeting.internalId())
                .bind("server", meeting.server().value())
                .bind("createTime", meeting.createTime())
                .bind("now", now.toEpochMilli())
                .bind("reason", reason)
                .execute();
    }

    int forgetEndedBefore(Tx tx, Instant limit) {
        return tx.handle()
                .createUpdate("DELETE FROM ended_meetings WHERE ended_at < :limit")
                .bind("limit", limit.toEpochMilli())
                .execute();
    }

    List<Stray> strays(Session session, ServerId server) {
        return session.handle()
                .createQuery("SELECT * FROM strays WHERE server_id = :server")
                .bind("server", server.value())
                .map((row, _) ->
                        new Stray(
                                server,
                                row.getString("scoped_id"),
                                row.getString("internal_id"),
                                Stray.Cause.valueOf(row.getString("cause")),
                                Instant.ofEpochMilli(row.getLong("since"))))
                .list();
    }

    void addStray(Tx tx, Stray stray) {
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO strays (server_id, scoped_id, internal_id, cause, since)
                        VALUES (:server, :scopedId, :internalId, :cause, :since)
                        ON CONFLICT (server_id, scoped_id, internal_id)
                            DO UPDATE SET since = excluded.since, cause = excluded.cause
                        """)
                .bind("server", stray.server().value())
                .bind("scopedId", stray.scopedId())
                .bind("internalId", stray.internalId())
                .bind("cause", stray.cause().name())
                .bind("since", stray.since().toEpochMilli())
                .execute();
    }

    /// @return whether it was there
    boolean deleteStray(Tx tx, ServerId server, String scopedId, String internalId) {
        return tx.handle()
                        .createUpdate(
                                """
                                DELETE FROM strays
                                WHERE server_id = :server AND scoped_id = :scopedId AND internal_id = :internalId
                                """)
                        .bind("server", server.value())
                        .bind("scopedId", scopedId)
                        .bind("internalId", internalId)
                        .execute()
                > 0;
    }

    /// Whether this very meeting is to be ended there.
    boolean mustEnd(Session session, ServerId server, String scopedId, String internalId) {
        return session.handle()
                        .createQuery(
                                """
                                SELECT COUNT(*) FROM strays
                                WHERE server_id = :server AND scoped_id = :scopedId AND internal_id = :internalId
                                    AND cause = 'ENDED'
                                """)
                        .bind("server", server.value())
                        .bind("scopedId", scopedId)
                        .bind("internalId", internalId)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /// Wherever else this very meeting was left, it must be ended when it is found.
    void endTwins(Tx tx, Meeting.Key key) {
        tx.handle()
                .createUpdate(
                        "UPDATE strays SET cause = 'ENDED' WHERE scoped_id = :scopedId AND internal_id <> ''")
                .bind("scopedId", key.scopedId())
                .execute();
        tx.handle()
                .createUpdate(
                        """
                        UPDATE ended_meetings SET reason = 'left-ended'
                        WHERE tenant = :tenant AND meeting_id = :id AND reason = 'left'
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .execute();
    }

    /// Notes that a server was taken out of the pool with this very run on it, perhaps: it may come back.
    void leave(
            Tx tx,
            ServerId server,
            Meeting.Key key,
            String internalId,
            Stray.Cause cause,
            Instant now) {
        forgetLeft(tx, key, internalId);
        tx.handle()
                .createUpdate(
                        """
                        INSERT INTO ended_meetings
                            (tenant, meeting_id, internal_id, server_id, create_time, ended_at, reason)
                        VALUES (:tenant, :id, :internalId, :server, 0, :now, :reason)
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("internalId", internalId)
                .bind("server", server.value())
                .bind("now", now.toEpochMilli())
                .bind("reason", cause == Stray.Cause.ENDED ? "left-ended" : "left")
                .execute();
    }

    /// What is to become of this run, if it was left on a server that was taken out of the pool.
    Optional<Stray.Cause> left(Session session, Meeting.Key key, String internalId) {
        return session.handle()
                .createQuery(
                        """
                        SELECT reason FROM ended_meetings
                        WHERE tenant = :tenant AND meeting_id = :id AND internal_id = :internalId
                            AND reason IN ('left', 'left-ended')
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("internalId", internalId)
                .mapTo(String.class)
                .findFirst()
                .map(reason -> reason.equals("left") ? Stray.Cause.ANSWER_LOST : Stray.Cause.ENDED);
    }

    void forgetLeft(Tx tx, Meeting.Key key, String internalId) {
        tx.handle()
                .createUpdate(
                        """
                        DELETE FROM ended_meetings
                        WHERE tenant = :tenant AND meeting_id = :id AND internal_id = :internalId
                            AND reason IN ('left', 'left-ended')
                        """)
                .bind("tenant", key.tenant().value())
                .bind("id", key.meetingId())
                .bind("internalId", internalId)
                .execute();
    }

    private static void announce(Tx tx, Meeting.Key key) {
        tx.announce(TOPIC, key.text());
    }

    private static Meeting read(ResultSet row) throws SQLException {
        return new Meeting(
                new Meeting.Key(tenant(row.getString("tenant")), row.getString("meeting_id")),
                ServerId.stored(row.getString("server_id")),
                Meeting.State.valueOf(row.getString("state")),
                row.getString("claim_id"),
                instant(row, "claim_until"),
                instant(row, "claimed_at"),
                instant(row, "confirmed_at"),
                row.getString("internal_id"),
                row.getLong("create_time"),
                row.getDouble("reservation"),
                readFormers(row.getString("formers")));
    }

    private static TenantId tenant(String name) {
        return name.equals(TenantId.DEFAULT.value()) ? TenantId.DEFAULT : new TenantId(name);
    }

    private static String write(List<Meeting.Former> formers) {
        return formers.stream().map(Meeting.Former::text).collect(Collectors.joining(" "));
    }

    private static List<Meeting.Former> readFormers(String formers) {
        return formers.isEmpty()
                ? List.of()
                : Stream.of(formers.split(" ")).map(Meeting.Former::parse).toList();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }
}
