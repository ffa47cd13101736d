// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.db.Database;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.testing.TestClock;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;

@Timeout(30)
final class EventLogTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir private Path folder;
    private final TestClock clock = TestClock.standing();
    private final Metrics metrics = new Metrics();
    private Database db;
    private EventLog log;

    @BeforeEach
    void open() {
        db = Database.open(TestDatabase.settings(folder.resolve("data")));
        log = new EventLog(db, clock.withZone(ZoneOffset.UTC), metrics);
    }

    @AfterEach
    void close() {
        log.close();
        db.close();
    }

    private void note(String kind, int times) {
        db.write(tx -> {
            for (int i = 0; i < times; i++) {
                log.note(tx, kind, "bbb1", "no " + i);
            }
            return null;
        });
    }

    @Test
    void eventsAreReadInTheirOrderAndCounted() {
        note("server-offline", 2);
        note("server-online", 1);
        var all = log.since(0, 10);
        assertThat(all)
                .extracting(Event::kind)
                .containsExactly("server-offline", "server-offline", "server-online");
        assertThat(all.getFirst())
                .isEqualTo(new Event(1, clock.instant(), "server-offline", "bbb1", "no 0"));
        assertThat(log.since(1, 1)).containsExactly(all.get(1));
        assertThat(log.newest(2)).containsExactly(all.get(1), all.get(2));
        assertThat(new String(metrics.scrape(), StandardCharsets.UTF_8))
                .contains("plimsoll_events_total{kind=\"server-offline\"} 2.0");
    }

    @Test
    void whatDidNotHappenIsNoEvent() {
        assertThatThrownBy(() ->
                        db.write(tx -> {
                            log.note(tx, "server-offline", "bbb1", "");
                            throw new IllegalStateException("undone");
                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(log.since(0, 10)).isEmpty();
    }

    @Test
    void whoWaitsIsToldOfTheNextEvent() throws Exception {
        note("server-online", 1);
        var waiting = Together.begin(() -> log.await(1, 10, LONG));
        note("server-offline", 1);
        assertThat(Together.result(waiting)).extracting(Event::id).containsExactly(2L);
        assertThat(log.await(0, 10, LONG)).hasSize(2);
        assertThat(log.await(2, 10, Duration.ofMillis(20))).isEmpty();
    }

    @Test
    void closingLetsGoAllWhoWait() {
        var waiting = Together.begin(() -> log.await(0, 10, LONG));
        log.close();
        assertThat(Together.result(waiting)).isEmpty();
    }

    @Test
    void whatIsOldOrTooMuchIsDropped() {
        note("old", 10);
        clock.advance(Duration.ofDays(31));
        note("new", 500);
        assertThat(log.since(0, 1)).extracting(Event::kind).containsExactly("new");
        for (int i = 0; i < 100; i++) {
            note("many", 1000);
        }
        assertThat(log.newest(1).getFirst().id() - log.since(0, 1).getFirst().id())
                .isBetween(99_999L, 100_499L);
    }
}
