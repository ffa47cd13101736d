// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.db.Database;
import dev.plimsoll.tenant.TenantId;
import dev.plimsoll.testing.TestClock;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hooks and their lines on a real SQLite file.
final class HooksTest {

    private static final HookSettings SETTINGS =
            new HookSettings(3, 2, Duration.ofSeconds(30), Optional.empty(), Algorithm.SHA1);

    @TempDir private Path folder;
    private final TestClock clock = TestClock.standing();
    private Database db;
    private Hooks hooks;

    @BeforeEach
    void open() {
        db = Database.open(TestDatabase.settings(folder));
        hooks = new Hooks(db, clock, new Random(1), SETTINGS);
        hooks.start();
    }

    @AfterEach
    void close() {
        db.close();
    }

    private Hook made(Hook.Wish wish) {
        return ((HookCreation.Made) hooks.create(wish)).hook();
    }

    private List<Hook> listed() {
        return hooks.list(TenantId.DEFAULT, Optional.empty());
    }

    @Test
    void aHookIsMadeOnceForEachAddressAndMeeting() {
        var first = made(Wishes.global("http://a.example"));
        assertThat(first.id())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(hooks.create(Wishes.only(Wishes.global("http://a.example"), "user-left")))
                .isEqualTo(new HookCreation.Duplicate(first));
        var second = made(Wishes.of("room"));
        assertThat(listed()).containsExactlyInAnyOrder(first, second);
        assertThat(hooks.list(TenantId.DEFAULT, Optional.of("other"))).containsExactly(first);
        assertThat(hooks.list(new TenantId("school"), Optional.empty())).isEmpty();
    }

    @Test
    void hooksSurviveARestart() {
        var wish = Wishes.raw(Wishes.only(Wishes.of("Räum 1"), "user-joined", "user-left"));
        var hook = made(wish);
        close();
        open();
        assertThat(listed()).containsExactly(hook);
    }

    @Test
    void thereIsALimitAndAForm() {
        for (int i = 0; i < 3; i++) {
            made(Wishes.global("http://a.example/" + i));
        }
        assertThat(hooks.create(Wishes.global("http://a.example/3")))
                .isInstanceOf(HookCreation.Refused.class);
        for (String url :
                List.of(
                        "",
                        "lms",
                        "ftp://a.example",
                        "javascript:x",
                        "http://",
                        "file:///etc/passwd",
                        "http://a.example/" + "x".repeat(5000))) {
            assertThat(hooks.create(Wishes.global(url)))
                    .as(url)
                    .isInstanceOf(HookCreation.Refused.class);
        }
    }

    @Test
    void onlyItsTenantDestroysAHookAndItsLineGoesWithIt() {
        var hook = made(Wishes.global("http://a.example"));
        append(hook, "[1]");
        assertThat(hooks.destroy(new TenantId("school"), hook.id())).isFalse();
        assertThat(hooks.destroy(TenantId.DEFAULT, hook.id())).isTrue();
        assertThat(hooks.destroy(TenantId.DEFAULT, hook.id())).isFalse();
        assertThat(listed()).isEmpty();
        assertThat(waiting(hook)).isZero();
    }

    @Test
    void aLineKeepsItsOrderAndItsFailures() {
        var hook = made(Wishes.global("http://a.example"));
        append(hook, "[1]");
        append(hook, "[2]");
        var store = hooks.store();
        var due = clock.instant().plusSeconds(3);
        db.write(tx -> {
            store.setFailures(tx, hook.id(), 4, due);
            return null;
        });
        assertThat(db.read(store::due)).containsOnlyKeys(hook.id()).containsValue(due);
        var first = next(hook);
        assertThat(first.event()).isEqualTo("[1]");
        assertThat(first.failures()).isEqualTo(4);
        db.write(tx -> {
            store.delivered(tx, first);
            return null;
        });
        var second = next(hook);
        assertThat(second.event()).isEqualTo("[2]");
        assertThat(second.failures()).isZero();
    }

    @Test
    void whatIsToldWhileHooksAreLoadedTakesNoneOfThemAway() {
        var first = made(Wishes.global("http://a.example"));
        var second = made(Wishes.global("http://b.example"));
        var over = new AtomicBoolean();
        var changing =
                Together.begin(() -> {
                    while (!over.get()) {
                        hooks.destroy(
                                TenantId.DEFAULT, made(Wishes.global("http://c.example")).id());
                    }
                    return true;
                });
        var others = new ArrayList<Hooks>();
        for (int i = 0; i < 60; i++) {
            var other = new Hooks(db, clock, new Random(1), SETTINGS);
            other.start();
            others.add(other);
        }
        over.set(true);
        Together.result(changing);
        assertThat(others)
                .allSatisfy(other ->
                        assertThat(other.list(TenantId.DEFAULT, Optional.empty()))
                                .contains(first, second));
    }

    @Test
    void whatTwoInstancesToldTakesNothingElseAway() {
        var hook = made(Wishes.global("http://a.example"));
        append(hook, "[1]");
        var told = next(hook);
        delivered(told); // by the one
        append(hook, "[2]");
        delivered(told); // by the other, a moment later
        assertThat(next(hook).event()).isEqualTo("[2]");
    }

    private void delivered(Delivery delivery) {
        db.write(tx -> {
            hooks.store().delivered(tx, delivery);
            return null;
        });
    }

    @Test
    void aLineThatIsFullTakesNoMoreUntilSomethingLeft() {
        var hook = made(Wishes.global("http://a.example"));
        for (String event : List.of("[1]", "[2]", "[3]")) {
            append(hook, event);
        }
        assertThat(waiting(hook)).isEqualTo(2);
        var first = next(hook);
        db.write(tx -> {
            hooks.store().delivered(tx, first);
            return null;
        });
        append(hook, "[4]");
        assertThat(next(hook).event()).isEqualTo("[2]");
        assertThat(waiting(hook)).isEqualTo(2);
    }

    @Test
    void theHookOfAMeetingGoesWhenAllIsSaid() {
        var hook = made(Wishes.of("room"));
        append(hook, "[1]");
        hooks.meetingIsOver("room");
        assertThat(listed()).extracting(Hook::id).containsExactly(hook.id());
        clock.advance(Duration.ofMinutes(2));
        assertThat(listed()).isEmpty();
        hooks.clear();
        var delivery = next(hook);
        db.write(tx -> {
            hooks.store().delivered(tx, delivery);
            return null;
        });
        hooks.clear();
        Optional<Hook> left = db.read(session -> hooks.store().find(session, hook.id()));
        assertThat(left).isEmpty();
    }

    @Test
    void whoAsksForItAgainKeepsIt() {
        var hook = made(Wishes.of("room"));
        hooks.meetingIsOver("room");
        assertThat(hooks.create(hook.wish())).isInstanceOf(HookCreation.Duplicate.class);
        clock.advance(Duration.ofMinutes(2));
        hooks.clear();
        assertThat(listed()).hasSize(1);
    }

    private void append(Hook hook, String event) {
        db.write(tx -> {
            hooks.store().append(tx, hook.id(), event, 7, 2);
            return null;
        });
    }

    private Delivery next(Hook hook) {
        List<Delivery> line = db.read(session -> hooks.store().next(session, hook.id(), 10));
        return line.getFirst();
    }

    private int waiting(Hook hook) {
        return db.read(session -> hooks.store().waiting(session, hook.id()));
    }
}
