// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.testing.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Seats in a hall, and who has one.
final class WriteTest {

    private static final Topic<String> SEAT = new Topic<>("seat", String.class);
    private static final Topic<String> GUEST = new Topic<>("guest", String.class);

    @TempDir private Path folder;
    private Database db;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        db = Database.open(TestDatabase.settings(folder));
        db.write(tx -> {
            tx.handle().execute("CREATE TABLE seats (id TEXT PRIMARY KEY, taken INT)");
            tx.handle().execute("CREATE TABLE guests (name TEXT PRIMARY KEY, seat TEXT)");
            return tx.handle().execute("INSERT INTO seats VALUES ('a', 0), ('b', 0)");
        });
        db.listen(SEAT, (key, _) -> heard.add("seat " + key));
        db.listen(GUEST, (key, _) -> heard.add("guest " + key));
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
        return db.write(tx -> tx.does(taking(seat), guest(name, seat)));
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
}
