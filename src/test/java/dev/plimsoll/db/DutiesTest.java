// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Instances that share one PostgreSQL, and give a sign of life more often than usual.
@Timeout(60)
final class DutiesTest {

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration LONGER_THAN_DEAD = Duration.ofSeconds(3);

    @TempDir private Path folder;
    private Database ours;
    private Database theirs;
    private final List<String> dead = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        var place = TestDatabase.postgres(folder);
        var stale = Duration.ofMinutes(1);
        ours = Database.open(new DatabaseSettings(folder.resolve("ours"), place, 2, stale));
        theirs = Database.open(new DatabaseSettings(folder.resolve("theirs"), place, 2, stale));
    }

    @AfterEach
    void close() {
        ours.close();
        theirs.close();
    }

    private Duties start(Database db, String name) {
        var duties = Duties.start(db, name, BEAT);
        duties.onDeath((_, who) -> dead.add(who));
        return duties;
    }

    private List<String> listed() {
        return ours.read(session ->
                session.handle()
                        .createQuery("SELECT id FROM instances ORDER BY id")
                        .mapTo(String.class)
                        .list());
    }

    private void ghost() {
        ours.write(tx ->
                tx.handle().execute("INSERT INTO instances (id, seen_at) VALUES ('ghost', 0)"));
    }

    @Test
    void whoDiesIsStruckOffOnceAndItsDutiesAreOurs() {
        ghost();
        try (var one = start(ours, "one");
                var two = start(theirs, "two")) {
            assertThat(listed()).contains("ghost"); // it may have spoken while we could not hear
            Together.until("it is struck off", () -> listed().equals(List.of("one", "two")));
            assertThat(dead).containsExactly("ghost");
            Together.until("each duty has one", () -> one.isMine("a duty") != two.isMine("a duty"));
        }
        assertThat(listed()).isEmpty();
    }

    @Test
    void nobodyIsTakenForDeadBecauseNobodyCouldSpeak() {
        ghost();
        try (var _ = start(ours, "one");
                var _ = start(theirs, "two")) {
            Together.until("both know each other", () -> dead.contains("ghost"));
            // One writes at a time, so that is what an outage looks like to both.
            theirs.write(tx -> {
                tx.handle().execute("SELECT 1"); // whoever asks something keeps the others out
                long end = System.nanoTime() + LONGER_THAN_DEAD.toNanos();
                Together.until("nobody was heard for long", () -> System.nanoTime() > end);
                return null;
            });
            ghost();
            Together.until("they judge again", () -> dead.size() > 1);
            assertThat(dead).containsExactly("ghost", "ghost");
            assertThat(listed()).containsExactly("one", "two");
        }
    }
}
