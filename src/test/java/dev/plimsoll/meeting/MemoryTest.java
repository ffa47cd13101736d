// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.DatabaseSettings;
import dev.plimsoll.db.DatabaseSettings.Postgres;
import dev.plimsoll.db.Duties;
import dev.plimsoll.db.Reach;
import dev.plimsoll.db.Topic;
import dev.plimsoll.db.Tx;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.placement.PlacementSettings;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.HealthRule;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.Tenant;
import dev.plimsoll.tenant.TenantDirectory;
import dev.plimsoll.tenant.TenantId;
import dev.plimsoll.testing.SampleServer;
import dev.plimsoll.testing.TcpProxy;
import dev.plimsoll.testing.TestClock;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// What a transaction tells memory is what a reader would find: the two must never drift apart, since much is decided
/// by memory, and checked by whether a row is as it is remembered.
class MemoryTest {

    private static final int ROOMS = 6;
    private static final int SERVERS = 3;
    private static final List<String> GROWING = List.of("meetings", "strays", "ended_meetings");
    private static final Duration CLAIM = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final TestClock clock = new TestClock(Instant.parse("2026-11-20T09:00:00.123456789Z"));
    private Database db;
    private ServerPool pool;
    private MeetingRegistry meetings;

    /// Of an instance that has not heard of anything yet.
    private MeetingRegistry late;

    private LostMeetings lost;

    @BeforeEach
    void open() {
        open(TestDatabase.settings(folder));
    }

    private void open(DatabaseSettings settings) {
        db = Database.open(settings);
        var time = clock.withZone(ZoneOffset.UTC);
        var events = new EventLog(db, time, new Metrics());
        pool = new ServerPool(db, time, new HealthRule(3, 1, 2), events);
        var config = Config.load(Optional.empty(), Map.of());
        var placing = new Placing(pool, PlacementSettings.read(config), new Random(1));
        var secret = List.of(new Secret("s"));
        var algorithms = Set.of(Algorithm.SHA256);
        var tenant = new Tenant(TenantId.DEFAULT, secret, algorithms, true, Duration.ZERO);
        var tenants = new TenantDirectory(tenant, List.of());
        var duties = Duties.start(db, "test");
        meetings = new MeetingRegistry(db, time, placing, tenants, duties);
        late = new MeetingRegistry(db, time, placing, tenants, duties);
        lost = new LostMeetings(meetings, events);
        for (int i = 0; i < SERVERS; i++) {
            pool.add(server(i));
        }
        // As polls leave it.
        db.write(tx -> tx.handle().execute("UPDATE servers SET health = 'ONLINE', trouble = ''"));
        pool.start();
        meetings.start();
    }

    @AfterEach
    void close() {
        db.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void memoryIsWhatTheDatabaseSays(int seed) {
        var random = new Random(seed);
        int won = 0;
        for (int step = 0; step < 300; step++) {
            clock.advance(Duration.ofMillis(random.nextInt(3_000)));
            if (act(random) instanceof Claim.Won) {
                won++;
            }
            assertThat(new HashSet<>(meetings.meetings()))
                    .isEqualTo(new HashSet<>(db.read(meetings.store()::all)));
            assertThat(List.copyOf(pool.servers()))
                    .isEqualTo(List.copyOf(db.write(tx -> pool.servers(tx))));
        }
        assertThat(won).isGreaterThan(30);
    }

    /// More than are looked for in one question, and some that are gone.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 17, 40})
    void whatManyRowsAreNowIsReadTogether(int count) {
        for (int i = 0; i < count; i += 3) {
            meetings.claim(key(i), recipe(key(i)), CLAIM);
        }
        assertThat(meetings.meetings()).isNotEmpty();
        db.write(tx -> {
            tx.handle().execute("DELETE FROM meetings");
            for (int i = 1; i < count; i += 2) {
                var changed = meetings.fresh(key(i), CLAIM, clock.instant()).on(id(1), 1);
                meetings.store().insert(tx, changed, recipe(key(i)), "for the test");
            }
            for (int i = 0; i < count; i++) {
                tx.announce(MeetingStore.TOPIC, key(i).text()); // as another instance would
            }
            return null;
        });
        assertThat(meetings.meetings())
                .hasSize(count / 2)
                .containsExactlyInAnyOrderElementsOf(db.read(meetings.store()::all));
    }

    /// More than are looked for in one question, and some that are gone.
    @ParameterizedTest
    @ValueSource(ints = {SERVERS, 16, 17, 40})
    void whatManyServersAreNowIsReadTogether(int count) {
        for (int i = SERVERS; i < count; i++) {
            pool.add(server(i));
        }
        db.write(tx -> {
            tx.handle().execute("UPDATE servers SET weight = 7");
            tx.handle().execute("DELETE FROM servers WHERE id = ?", id(count - 1).value());
            for (int i = 0; i < count; i++) {
                // As another instance would.
                tx.announce(new Topic<>("server", Server.class), id(i).value());
            }
            return null;
        });
        assertThat(List.copyOf(pool.servers()))
                .hasSize(count - 1)
                .isEqualTo(pool.stored())
                .filteredOn(server -> server.weight() == 7)
                .hasSize(count - 1);
    }

    /// On PostgreSQL, whatever the tests run on: planning takes longer than asking (decision 0017).
    @Test
    void howManyRowsEverAreReadTogetherTheStatementIsPlannedOnce() {
        db.close();
        var place = TestDatabase.postgres(folder);
        open(new DatabaseSettings(folder.resolve("once"), place, 1, Duration.ofMinutes(1)));
        for (int count = 2; count <= 16; count++) {
            var keys = IntStream.range(0, count).mapToObj(i -> key(i).text()).toList();
            db.read(session -> meetings.store().announced(session, keys));
        }
        String uses =
                "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%UNION ALL%'";
        long planned =
                db.read(session -> session.handle().createQuery(uses).mapTo(Long.class).one());
        assertThat(planned).isGreaterThanOrEqualTo(10); // it is kept from the fifth time on
    }

    /// On PostgreSQL, whatever the tests run on: as on a Monday at nine, after a night in which it noted that there is
    /// nothing, and in which statements were planned for that. They must not read all that is there since.
    @Test
    void whatWasPlannedForEmptyTablesAsksByKeyWhenTheyAreFull() {
        db.close();
        var place = TestDatabase.postgres(folder);
        open(new DatabaseSettings(folder.resolve("monday"), place, 1, Duration.ofMinutes(1)));
        for (int i = 0; i < 300; i++) {
            meetings.endedByUs(opened(i));
        }
        for (String table : GROWING) {
            db.write(tx -> tx.handle().execute("DELETE FROM " + table));
        }
        TestDatabase.inPostgres(folder, "VACUUM ANALYZE");
        meetings.endedByUs(opened(0));
        long before = rowsRead();
        for (int i = 1; i < 300; i++) {
            opened(i);
            meetings.endedByUs(opened(300 + i));
        }
        assertThat(meetings.meetings()).hasSize(299);
        assertThat(rowsRead() - before).isLessThan(600 * 20);
    }

    private Meeting opened(int number) {
        var claim = (Claim.Won) meetings.claim(key(number), recipe(key(number)), CLAIM);
        meetings.confirm(claim.meeting(), claim.recipe(), "i" + number, 7, "<a/>");
        return meetings.registered(key(number)).orElseThrow();
    }

    /// Also those that were looked at and did not fit. A connection's numbers come when a transaction of it asks for that.
    private long rowsRead() {
        String flush = "SELECT pg_stat_force_next_flush()";
        db.write(tx -> tx.handle().execute(flush));
        db.read(session -> session.handle().execute(flush));
        String read =
                """
                SELECT SUM(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN (<tables>)
                UNION ALL
                SELECT SUM(idx_tup_read) FROM pg_stat_user_indexes WHERE relname IN (<tables>)
                """;
        return db
                .read(session ->
                        session.handle()
                                .createQuery(read)
                                .bindList("tables", GROWING)
                                .mapTo(Long.class)
                                .list())
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /// On PostgreSQL, whatever the tests run on; where others poll, and nobody creates.
    @Test
    void aClaimWhoseCommitNobodyHeardOfIsGivenUpThoughNobodyComesBy() {
        db.close();
        var place = TestDatabase.postgres(folder);
        try (var proxy = TcpProxy.to(place.port())) {
            var between =
                    new Postgres(
                            place.host(),
                            proxy.port(),
                            place.database(),
                            place.user(),
                            place.password(),
                            place.parameters());
            open(
                    new DatabaseSettings(
                            folder.resolve("between"), between, 4, Duration.ofMinutes(1)));
            proxy.loseAnswerTo("the-mark");
            var marked = new Recipe(Params.of("meta_note", "the-mark"), Optional.empty());
            assertThatThrownBy(() -> meetings.claim(key(0), marked, CLAIM))
                    .isInstanceOf(DatabaseAway.class);
            assertThat(proxy.hasLostAnswer()).isTrue();
            Together.until("memory follows", () -> db.reach() == Reach.FOLLOWING);
            Together.until("it is given up", () -> meetings.registered(key(0)).isEmpty());
            db.close();
        }
    }

    @Test
    void aServerIsNotTakenForAnotherThatHadItsIdBefore() {
        var before = pool.find(id(0)).orElseThrow();
        pool.remove(before.id(), _ -> Optional.empty());
        clock.advance(Duration.ofSeconds(1));
        pool.add(before);
        boolean taken = db.write(tx -> tx.does(pool.taking(before, 1, clock.instant())));
        assertThat(taken).isFalse();
        var now = pool.find(id(0)).orElseThrow();
        assertThat(db.<Boolean>write(tx -> tx.does(pool.taking(now, 1, clock.instant())))).isTrue();
    }

    @Test
    void whatSomebodyElseClaimsAfterItWasLookedUpIsTheirs() throws Exception {
        var theirs =
                meetings.fresh(key(0), CLAIM, clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        .on(id(1), 1);
        var claim =
                claimLateWhile(
                        tx -> meetings.store().insert(tx, theirs, recipe(key(0)), "for the test"));
        assertThat(claim).isEqualTo(new Claim.Existing(theirs));
        assertThat(db.read(meetings.store()::all)).containsExactly(theirs);
        // Nothing stays reserved for the claim that did not come about.
        assertThat(db.<List<Server>>write(tx -> pool.servers(tx)))
                .allMatch(server -> server.load().reserved() == 0);
    }

    @Test
    void aServerThatMayHaveOpenedItAfterItWasLookedUpIsAvoided() throws Exception {
        var busy = pool.find(id(2)).orElseThrow();
        db.write(tx -> tx.does(pool.taking(busy, 500, clock.instant())));
        var claim =
                claimLateWhile(tx -> {
                    for (int i = 0; i < 2; i++) {
                        var cause = Stray.Cause.ANSWER_LOST;
                        meetings.noteStray(tx, id(i), key(0), "", cause, clock.instant());
                    }
                });
        assertThat(claim)
                .isInstanceOfSatisfying(
                        Claim.Won.class,
                        won -> assertThat(won.meeting().server()).isEqualTo(busy.id()));
    }

    /// Claims a meeting that is free when it is looked up; before it can be claimed, something else is written.
    private Claim claimLateWhile(Consumer<Tx> other) throws Exception {
        var written = new CountDownLatch(1);
        var waits = new CountDownLatch(1);
        var first =
                Together.begin(() ->
                        db.write(tx -> {
                            other.accept(tx);
                            written.countDown();
                            return Together.await(waits);
                        }));
        Together.await(written);
        var claim = new FutureTask<>(() -> late.claim(key(0), recipe(key(0)), CLAIM));
        var claiming = Thread.ofPlatform().start(claim);
        Together.until(
                "it has looked, and stands in line",
                () -> claiming.getState() == Thread.State.TIMED_WAITING);
        waits.countDown();
        assertThat(Together.result(first)).isTrue();
        return claim.get();
    }

    /// One of the things that happen to meetings and servers.
    private Object act(Random random) {
        var key = key(random.nextInt(ROOMS));
        var recipe = recipe(key);
        var known = meetings.known(key);
        var server = id(random.nextInt(SERVERS));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> meetings.claim(key, recipe, CLAIM);
            case 3, 4, 5 ->
                    known.filter(meeting -> !meeting.isLost())
                            .map(meeting ->
                                    meetings.confirm(
                                            meeting, recipe, "i" + random.nextInt(9), 7, "<a/>"));
            case 6 ->
                    known.filter(meeting -> meeting.state() == Meeting.State.CLAIMED)
                            .map(meeting ->
                                    meetings.moveOn(
                                            meeting,
                                            recipe,
                                            Delivery.UNKNOWN,
                                            Set.of(meeting.server()),
                                            CLAIM));
            case 7 -> known.map(meeting -> meetings.ended(meeting, "ended"));
            case 8 -> {
                known.ifPresent(claim -> meetings.release(claim, Delivery.NOT_DELIVERED));
                known.ifPresent(meetings::endedByUs);
                yield known;
            }
            case 9 -> {
                known.filter(Meeting::isConfirmed).ifPresent(lost::lose);
                yield known;
            }
            case 10 -> {
                clock.advance(Duration.ofSeconds(30)); // claims run out, and are taken over
                yield key;
            }
            default ->
                    pool.admit(
                            server,
                            random.nextInt(4) == 0 ? Admission.CORDONED : Admission.ENABLED);
        };
    }

    private static Meeting.Key key(int number) {
        return new Meeting.Key(TenantId.DEFAULT, "room-" + number);
    }

    private static Recipe recipe(Meeting.Key key) {
        return new Recipe(Params.of("meetingID", key.meetingId()), Optional.empty());
    }

    private static ServerId id(int number) {
        return new ServerId("bbb" + number);
    }

    private Server server(int number) {
        return SampleServer.online(
                id(number),
                Endpoint.of("http://127.0.0.1:" + (number + 1), new Secret("s")),
                clock.instant());
    }
}
