// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.testing.Alone;
import dev.plimsoll.testing.TcpProxy;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two instances on one PostgreSQL; of one the network is bad.
@Alone
@Timeout(90)
final class FeedTest {

    private static final Topic<Integer> NOTE = new Topic<>("note", Integer.class);
    private static final List<Topic<Void>> FRAGILE =
            IntStream.range(0, 20).mapToObj(i -> new Topic<>("fragile" + i, Void.class)).toList();

    private static final Duration NOTICED = Duration.ofMillis(5_500);

    @TempDir private Path directory = Path.of("");
    private TcpProxy proxy = TcpProxy.to(0);
    private Database near;
    private Database far;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> memory = new ConcurrentHashMap<>();
    private final AtomicInteger rebuilt = new AtomicInteger();

    @BeforeEach
    void open() {
        var place = TestDatabase.postgres(directory);
        proxy.close();
        proxy = TcpProxy.to(place.port());
        near = Database.open(settings("near", place));
        near.write(tx -> tx.handle().execute("CREATE TABLE notes (id TEXT PRIMARY KEY, n INT)"));
        far =
                Database.open(
                        settings(
                                "far",
                                new DatabaseSettings.Postgres(
                                        place.host(),
                                        proxy.port(),
                                        place.database(),
                                        place.user(),
                                        Optional.empty(),
                                        "")));
        far.listen(
                NOTE,
                rows ->
                        rows.forEach((key, written) -> {
                            heard.add(key);
                            written.or(() -> far.read(session -> find(session, key)))
                                    .ifPresent(n -> memory.put(key, n));
                        }));
        far.onGap(() -> {
            var all = far.read(FeedTest::all);
            memory.putAll(all);
            memory.keySet().retainAll(all.keySet());
            rebuilt.incrementAndGet();
        });
    }

    private DatabaseSettings settings(String name, DatabaseSettings.Postgres place) {
        return new DatabaseSettings(directory.resolve(name), place, 4, Duration.ofSeconds(12));
    }

    @AfterEach
    void close() {
        proxy.pass();
        far.close();
        near.close();
        proxy.close();
    }

    private static void note(Database db, String key, int n) {
        db.write(tx -> {
            tx.handle()
                    .execute(
                            "INSERT INTO notes VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET n = excluded.n",
                            key,
                            n);
            tx.announce(NOTE, key, n);
            return null;
        });
    }

    private static Optional<Integer> find(Session session, String key) {
        return session.handle()
                .createQuery("SELECT n FROM notes WHERE id = :id")
                .bind("id", key)
                .mapTo(Integer.class)
                .findOne();
    }

    private static Map<String, Integer> all(Session session) {
        return session.handle()
                .createQuery("SELECT id, n FROM notes")
                .reduceRows(
                        new ConcurrentHashMap<>(),
                        (map, row) -> {
                            map.put(
                                    row.getColumn("id", String.class),
                                    row.getColumn("n", Integer.class));
                            return map;
                        });
    }

    private Optional<Integer> fresh(String key) {
        return far.fresh(() -> Optional.ofNullable(memory.get(key)), session -> find(session, key));
    }

    private void awaitReach(Duration within, Reach... wanted) {
        Together.until(
                "reach is one of " + List.of(wanted),
                within,
                () -> List.of(wanted).contains(far.reach()),
                () -> far.reach().word() + whereItStands());
    }

    private static String whereItStands() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().matches("db-feed|.*connection-.*"))
                .map(thread -> "\n%s: %s".formatted(thread.getKey(), List.of(thread.getValue())))
                .collect(Collectors.joining());
    }

    @Test
    void changesArriveInOrderAndOwnOnesOnce() {
        IntStream.range(0, 100).forEach(i -> note(near, "k" + i, i));
        Together.until("all are heard of", () -> heard.size() == 100);
        assertThat(heard).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "k" + i).toList());
        note(far, "own", 1);
        note(near, "last", 1);
        Together.until("the last is heard of", () -> heard.contains("last"));
        assertThat(heard).endsWith("own", "last").hasSize(102);
        assertThat(far.reach()).isEqualTo(Reach.FOLLOWING);
    }

    @Test
    void whatHappenedWhileTheFeedWasCutIsRebuilt() {
        for (int round = 1; round <= 5; round++) {
            note(near, "room", round);
            int before = rebuilt.get();
            proxy.cut();
            note(near, "room", round * 10);
            Together.until("memory is rebuilt", () -> rebuilt.get() > before);
            awaitReach(NOTICED, Reach.FOLLOWING);
            assertThat(memory).containsEntry("room", round * 10);
            note(near, "room", round * 100);
            int n = round * 100;
            Together.until("the feed is heard", () -> fresh("room").equals(Optional.of(n)));
        }
    }

    @Test
    void aDatabaseThatRefusesIsAwayAtOnceAndBackInSeconds() {
        note(near, "room", 1);
        Together.until("it is heard of", () -> memory.containsKey("room"));
        proxy.refuse();
        awaitReach(Duration.ofSeconds(2), Reach.AWAY);
        assertThat(fresh("room")).contains(1);
        refusesQuickly();
        note(near, "room", 2);
        proxy.pass();
        awaitReach(NOTICED, Reach.FOLLOWING);
        assertThat(fresh("room")).contains(2);
        note(far, "room", 3);
        assertThat(fresh("room")).contains(3);
    }

    @Test
    void whoAsksWhenTheDatabaseGoesWhileMemoryIsRebuiltHearsWhatIsRemembered() {
        note(near, "room", 1);
        Together.until("it is heard of", () -> memory.containsKey("room"));
        var refused = new CountDownLatch(1);
        far.onGap(() -> Together.await(refused));
        int before = rebuilt.get();
        proxy.cut();
        Together.until("memory is rebuilt in part", () -> rebuilt.get() > before);
        assertThat(far.reach()).isEqualTo(Reach.BEHIND);
        proxy.refuse();
        assertThat(fresh("room")).contains(1);
        refused.countDown();
        proxy.pass();
        awaitReach(NOTICED, Reach.FOLLOWING);
    }

    @Test
    void halfOpenConnectionsAreNoticed() {
        silentIsNoticed(proxy::halfClose);
    }

    @Test
    void aBlackHoleIsNoticed() {
        silentIsNoticed(proxy::blackHole);
    }

    private void silentIsNoticed(Runnable silence) {
        note(near, "room", 1);
        Together.until("it is heard of", () -> memory.containsKey("room"));
        silence.run();
        long begun = System.nanoTime();
        note(near, "room", 2);
        // Nobody who asks is made to wait, whatever is known by then.
        while (far.reach() != Reach.AWAY) {
            long asked = System.nanoTime();
            fresh("room");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(millis(100));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(NOTICED);
        }
        refusesQuickly();
        awaitReach(Duration.ofSeconds(12), Reach.STALE);
        assertThatThrownBy(() -> fresh("room")).isInstanceOf(DatabaseAway.class);
        assertThat(far.trouble()).isPresent();
        proxy.pass();
        awaitReach(Duration.ofSeconds(10), Reach.FOLLOWING);
        assertThat(memory).containsEntry("room", 2);
        assertThat(far.trouble()).isEmpty();
        note(far, "room", 3);
    }

    private void refusesQuickly() {
        long asked = System.nanoTime();
        assertThatThrownBy(() -> note(far, "other", 1)).isInstanceOf(DatabaseAway.class);
        assertThatThrownBy(() -> far.read(FeedTest::all)).isInstanceOf(DatabaseAway.class);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(millis(100));
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void aLateFeedIsNotTrusted() {
        note(near, "room", 1);
        Together.until("it is heard of", () -> memory.containsKey("room"));
        proxy.delay(millis(4_000));
        note(near, "room", 2);
        Together.until(
                "memory is no longer trusted",
                NOTICED,
                () -> far.reach() != Reach.FOLLOWING,
                () -> far.reach().word());
        proxy.pass();
        awaitReach(Duration.ofSeconds(15), Reach.FOLLOWING);
        assertThat(fresh("room")).contains(2);
    }

    /// Else those who ask would be sent to a database of which nobody knows yet that it is silent.
    @Test
    void memorySpeaksWhileTheFeedItselfWaitsForARow() {
        var answer = new CountDownLatch(1);
        var slow = new Topic<>("slow", Void.class);
        far.listen(slow, _ -> Together.await(answer));
        near.write(tx -> {
            tx.announce(slow, "x");
            return null;
        });
        var seen = EnumSet.noneOf(Reach.class);
        Together.until(
                "it is doubted",
                () -> {
                    seen.add(far.reach());
                    return seen.contains(Reach.DOUBTED);
                });
        assertThat(seen).doesNotContain(Reach.BEHIND);
        answer.countDown();
        Together.until("it follows again", () -> far.reach() == Reach.FOLLOWING);
    }

    /// Each that fails because the database goes may take seconds, in which nobody would be told that it is away.
    @Test
    void afterAListenerHasFailedMemoryIsRebuiltBeforeMoreIsPassedOn() {
        var told = new AtomicInteger();
        FRAGILE.forEach(topic ->
                far.listen(
                        topic,
                        _ -> {
                            told.incrementAndGet();
                            throw new IllegalStateException("a defect");
                        }));
        int before = rebuilt.get();
        near.write(tx -> {
            FRAGILE.forEach(topic -> tx.announce(topic, "x"));
            return null;
        });
        Together.until("memory is rebuilt", () -> rebuilt.get() > before);
        assertThat(told).hasValue(1);
    }
}
