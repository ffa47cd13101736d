// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Seats in a hall, and who has one.
final class WriteTest {

    private static final Topic<String> SEAT = new Topic<>("seat", String.class);
    private static final Topic<String> GUEST = new Topic<>("guest", String.class);
    private static final Topic<Integer> COUNT = new Topic<>("count", Integer.class);

    @TempDir private Path folder;
    private Database db;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    /// What is remembered of a seat that counts.
    private final Map<String, Integer> remembered = new ConcurrentHashMap<>(Map.of("a", 0));

    /// Who needed more than a bid.
    private final AtomicInteger works = new AtomicInteger();

    @BeforeEach
    void open() {
        open(TestDatabase.settings(folder));
    }

    private void open(DatabaseSettings settings) {
        db = Database.open(settings);
        db.write(tx -> {
            tx.handle().execute("CREATE TABLE seats (id TEXT PRIMARY KEY, taken INT)");
            tx.handle().execute("CREATE TABLE guests (name TEXT PRIMARY KEY, seat TEXT)");
            return tx.handle().execute("INSERT INTO seats VALUES ('a', 0), ('b', 0)");
        });
        db.listen(SEAT, rows -> rows.keySet().forEach(key -> heard.add("seat " + key)));
        db.listen(GUEST, rows -> rows.keySet().forEach(key -> heard.add("guest " + key)));
    }

    @AfterEach
    void close() {
        db.close();
    }

    private static Write taking(String seat) {
        return new Write(
                "UPDATE seats SET taken = 1 WHERE id = :seat AND taken = 0",
                Map.of("seat", seat),
                tx -> tx.announce(SEAT, seat));
    }

    private static Write guest(String name, String seat) {
        return new Write(
                "INSERT INTO guests (name, seat) SELECT :name, :seat",
                Map.of("name", name, "seat", seat),
                tx -> tx.announce(GUEST, name));
    }

    private boolean seats(String name, String seat) {
        return db.write(tx -> tx.does(taking(seat).then(guest(name, seat))));
    }

    private List<String> guests() {
        return db.read(session ->
                session.handle()
                        .createQuery("SELECT name || seat FROM guests ORDER BY name")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void bothAreDoneAndAnnouncedOrNothingIs() {
        assertThat(seats("Ann", "a")).isTrue();
        assertThat(heard).containsExactly("seat a", "guest Ann");
        heard.clear();
        assertThat(seats("Bob", "a")).isFalse();
        assertThat(seats("Bob", "z")).isFalse();
        assertThat(heard).isEmpty();
        assertThat(guests()).containsExactly("Anna");
        assertThat(seats("Bob", "b")).isTrue();
        assertThat(guests()).containsExactly("Anna", "Bobb");
    }

    @Test
    void aSecondThatFailsUndoesTheFirst() {
        assertThat(seats("Ann", "a")).isTrue();
        assertThatThrownBy(() -> seats("Ann", "b")).isInstanceOf(DatabaseException.class);
        assertThat(seats("Bob", "b")).isTrue();
    }

    @Test
    void whatFailsDoesNotShowWhatWasToBeWritten() {
        assertThat(seats("Ann", "a")).isTrue();
        var failing = guest("Ann", "secret seat");
        assertThatThrownBy(() -> db.<Boolean>write(tx -> tx.does(failing)))
                .satisfies(WriteTest::isDiscreet);
        assertThatThrownBy(() ->
                        db.<List<Boolean>>write(
                                tx -> tx.does(List.of(guest("Bob", "secret seat"), failing))))
                .satisfies(WriteTest::isDiscreet);
    }

    private static void isDiscreet(Throwable failure) {
        assertThat(Throwables.getStackTrace(failure))
                .contains("constraint")
                .doesNotContain("secret")
                .doesNotContain("Ann");
    }

    @Test
    void aConditionForbidsIt() {
        var unlessAnnCame =
                taking("b")
                        .unless(
                                "EXISTS (SELECT 1 FROM guests WHERE name = :other) OR 1 = 0",
                                Map.of("other", "Ann"));
        assertThat(seats("Ann", "a")).isTrue();
        assertThat(db.<Boolean>write(tx -> tx.does(unlessAnnCame))).isFalse();
        db.write(tx -> tx.handle().execute("DELETE FROM guests"));
        assertThat(db.<Boolean>write(tx -> tx.does(unlessAnnCame))).isTrue();
    }

    @Test
    void aNameMeansOneThing() {
        assertThatThrownBy(() -> taking("a").unless("taken = :seat", Map.of("seat", "b")))
                .hasMessageContaining("seat");
    }

    private static Write next(int before) {
        return new Write(
                "UPDATE seats SET taken = :after WHERE id = 'a' AND taken = :before",
                Map.of("before", before, "after", before + 1),
                tx -> tx.announce(COUNT, "a", before + 1));
    }

    private int count() {
        return count(db);
    }

    private int count(Database instance) {
        return instance.write(
                tx -> {
                    int before =
                            tx.known(COUNT, "a").orElseGet(() -> remembered.getOrDefault("a", -1));
                    return Optional.of(new Bid<>(next(before), before + 1, WriteTest::look));
                },
                tx -> {
                    works.incrementAndGet();
                    int before = look(tx);
                    tx.does(next(before));
                    return before + 1;
                });
    }

    private static int look(Tx tx) {
        int taken =
                tx.handle()
                        .createQuery("SELECT taken FROM seats WHERE id = 'a'")
                        .mapTo(Integer.class)
                        .one();
        return tx.keep(COUNT, "a", taken);
    }

    @Test
    void bidsOfOneMomentBuildOnEachOther() {
        db.listen(
                COUNT, rows -> rows.forEach((key, now) -> remembered.put(key, now.orElseThrow())));
        var counted =
                Together.all(32, _ -> IntStream.range(0, 20).map(_ -> count()).boxed().toList());
        assertThat(counted.stream().flatMap(List::stream))
                .hasSize(640)
                .doesNotHaveDuplicates()
                .contains(1, 640);
        assertThat(works).hasValue(0);
    }

    @Test
    void aBidOnWhatHasChangedIsMadeAnew() {
        db.write(tx -> tx.handle().execute("UPDATE seats SET taken = 70 WHERE id = 'a'"));
        assertThat(count()).isEqualTo(71);
        // Nobody listens here, so what is remembered is wrong again.
        assertThat(count()).isEqualTo(72);
        assertThat(works).hasValue(0);
    }

    @Test
    void oneOfManyWhoBidForTheSameGetsItAndTheOthersDoTheirWork() {
        var seated =
                Together.all(
                        32,
                        i ->
                                db.<String>write(
                                        _ ->
                                                Optional.of(
                                                        new Bid<>(
                                                                taking("b")
                                                                        .then(guest("G" + i, "b")),
                                                                "seated")),
                                        tx -> "after " + tx.touched(SEAT)));
        assertThat(seated).containsOnlyOnce("seated").hasSize(32);
        assertThat(guests()).hasSize(1);
        assertThat(heard).hasSize(2);
    }

    private DatabaseSettings shared(String instance) {
        return new DatabaseSettings(
                folder.resolve(instance),
                TestDatabase.postgres(folder.resolve("shared")),
                2,
                Duration.ofMinutes(1));
    }

    /// On PostgreSQL, whatever the tests run on. With one thread each no bid shares its commit; many are in vain.
    @ParameterizedTest
    @ValueSource(ints = {2, 32})
    void bidsOfTwoInstancesExcludeEachOtherAndAreHeard(int threads) {
        db.close();
        open(shared("one"));
        var two = Database.open(shared("two"));
        var told = new CopyOnWriteArrayList<String>();
        two.listen(GUEST, rows -> told.addAll(rows.keySet()));
        db.listen(
                COUNT,
                rows -> rows.forEach((key, now) -> now.ifPresent(n -> remembered.put(key, n))));
        try (two) {
            var counted =
                    Together.all(
                            threads,
                            i ->
                                    IntStream.range(0, 320 / threads)
                                            .mapToObj(_ -> count(i % 2 == 0 ? db : two))
                                            .toList());
            assertThat(counted.stream().flatMap(List::stream))
                    .hasSize(320)
                    .doesNotHaveDuplicates()
                    .contains(1, 320);
            assertThat(bids("Ann")).isEqualTo("seated");
            assertThat(bids("Bob")).isEqualTo("stands");
            assertThat(bids("Cid")).isEqualTo("stands");
            db.write(tx -> tx.does(guest("Dan", "none")));
            Together.until("all is heard", () -> told.contains("Dan"));
            assertThat(told).containsExactly("Ann", "Dan");
            assertThat(guests()).containsExactly("Annb", "Dannone");
        }
    }

    private String bids(String name) {
        return db.write(
                _ -> Optional.of(new Bid<>(taking("b").then(guest(name, "b")), "seated")),
                _ -> "stands");
    }

    /// On PostgreSQL, whatever the tests run on.
    @Test
    void aBidThatStandsAloneTakesTheLockOfThoseWhoWrite() throws Exception {
        db.close();
        open(shared("one"));
        var bidding =
                db.read(session -> {
                    session.handle().begin();
                    session.handle().execute(PostgresTx.LOCK);
                    session.handle().execute("UPDATE seats SET taken = 1 WHERE id = 'b'");
                    var waits = Together.begin(() -> bids("Ann"));
                    Together.until("it waits", () -> waiting() == 1);
                    session.handle().commit();
                    return waits;
                });
        assertThat(Together.result(bidding)).isEqualTo("stands"); // it saw what it waited for
    }

    private int waiting() {
        return db.read(session ->
                session.handle()
                        .createQuery(
                                """
                                SELECT COUNT(*) FROM pg_locks JOIN pg_database ON oid = database
                                WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
                                """)
                        .mapTo(Integer.class)
                        .one());
    }
}
