// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Panicked;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// How servers leave: drained, emptied by force, removed by force; and that nothing but a person lets one in again.
@Timeout(60)
final class DepartureTest {

    /// Server 0 is chosen as long as it can be.
    private static Cluster cluster(int servers) {
        return Cluster.of(servers).weights(100.0, 1.0, 1.0).start();
    }

    private static void giveUp(Cluster cluster, int server) {
        cluster.server(server).goDown();
        pollUntil(cluster, server, "offline");
    }

    private static void comeBack(Cluster cluster, int server) {
        cluster.server(server).comeUp();
        pollUntil(cluster, server, "online");
    }

    private static void pollUntil(Cluster cluster, int server, String health) {
        Together.until(
                "the server is " + health,
                () -> {
                    cluster.poll(server);
                    return cluster.health(server).equals(health);
                });
    }

    private static void settle(Cluster cluster, int server) {
        cluster.clock().advance(Duration.ofSeconds(20));
        cluster.poll(server);
        cluster.clock().advance(Duration.ofSeconds(20));
        cluster.server(server).tick();
        cluster.poll(server);
    }

    private static long events(Cluster cluster, String kind) {
        return Long.parseLong(
                cluster.sql("SELECT COUNT(*) FROM events WHERE kind = '%s'".formatted(kind)));
    }

    private static String metrics(Cluster cluster) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(cluster.api().base() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aDrainedServerKeepsItsMeetingsJoinableAndIsDisabledWhenTheLastHasEnded() throws Exception {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.act(AdminRoutes.SERVERS_DRAIN, 0);
            cluster.poll(0);
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(0).api().toString());
            cluster.api().create("other");
            assertThat(cluster.only("other")).isEqualTo(1);
            assertThat(cluster.view(0).admission()).isEqualTo("draining");
            assertThat(metrics(cluster))
                    .contains("plimsoll_server_registered_meetings{server=\"bbb0\"} 1.0")
                    .contains("plimsoll_server_empty{server=\"bbb0\"} 0.0");
            assertThat(events(cluster, "server-empty")).isZero();
            cluster.api().end("room");
            settle(cluster, 0);
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            assertThat(events(cluster, "server-empty")).isEqualTo(1);
            assertThat(metrics(cluster))
                    .contains("plimsoll_server_empty{server=\"bbb0\"} 1.0")
                    .contains("plimsoll_events_total{kind=\"server-empty\"} 1.0");
        }
    }

    @Test
    void aDrainingServerThatDiesIsDisabledAndItsMeetingsOpenElsewhere() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.act(AdminRoutes.SERVERS_DRAIN, 0);
            giveUp(cluster, 0);
            cluster.poll(0);
            assertThat(cluster.view(0).admission()).isEqualTo("draining");
            cluster.clock().advance(Duration.ofMinutes(6));
            cluster.poll(0);
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            assertThat(events(cluster, "server-empty")).isEqualTo(1);
            assertThat(cluster.view(0).registered()).isZero();
            comeBack(cluster, 0);
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            // It runs there again, but nobody is sent to a server that is out of service.
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(1).api().toString());
            settle(cluster, 0);
            assertThat(cluster.only("room")).isEqualTo(1);
        }
    }

    @Test
    void aDrainingServerThatIsAwayForShortHasItsMeetingsAgain() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(2));
            cluster.act(AdminRoutes.SERVERS_DRAIN, 0);
            giveUp(cluster, 0);
            cluster.clock().advance(Duration.ofMinutes(3));
            comeBack(cluster, 0);
            assertThat(cluster.view(0).admission()).isEqualTo("draining");
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(0).api().toString());
        }
    }

    @Test
    void drainingAnOfflineServerWithoutMeetingsEnds() {
        try (var cluster = cluster(1)) {
            giveUp(cluster, 0);
            cluster.act(AdminRoutes.SERVERS_DRAIN, 0);
            cluster.poll(0);
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
        }
    }

    @Test
    void nothingButAPersonLetsAServerInAgain() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.act(AdminRoutes.SERVERS_CORDON, 0);
            cluster.act(AdminRoutes.SERVERS_DISABLE, 1);
            for (int round = 0; round < 2; round++) {
                giveUp(cluster, 0);
                giveUp(cluster, 1);
                comeBack(cluster, 0);
                comeBack(cluster, 1);
                cluster.pollAll();
                assertThat(cluster.view(0).admission()).isEqualTo("cordoned");
                assertThat(cluster.view(1).admission()).isEqualTo("disabled");
                cluster.restart();
                assertThat(cluster.view(0).admission()).isEqualTo("cordoned");
                assertThat(cluster.view(1).admission()).isEqualTo("disabled");
            }
            cluster.act(AdminRoutes.SERVERS_DRAIN, 1);
            assertThat(cluster.view(1).admission()).isEqualTo("disabled");
            assertThat(cluster.api().create("other").text("message"))
                    .isEqualTo("Could not find any available servers.");
        }
    }

    @Test
    void panicEndsEverythingAtOnce() {
        try (var cluster = cluster(2)) {
            for (int i = 0; i < 20; i++) {
                cluster.api().create("room-" + i);
                cluster.server(0).control().connect("room-" + i, People.viewers(2));
            }
            var panicked = panic(cluster, 0);
            assertThat(panicked.ended()).isEqualTo(20);
            assertThat(panicked.forgotten()).isZero();
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            assertThat(cluster.registered()).isEmpty();
            cluster.clock().advance(Duration.ofSeconds(5));
            cluster.server(0).tick();
            assertThat(cluster.server(0).control().meetings()).isEmpty();
            assertThat(panic(cluster, 0).changed()).isFalse();
            assertThat(events(cluster, "server-panic")).isEqualTo(1);
            cluster.api().create("room-1");
            assertThat(cluster.only("room-1")).isEqualTo(1);
        }
    }

    private static Panicked panic(Cluster cluster, int server) {
        return cluster.admin(AdminRoutes.SERVERS_PANIC, server, Panicked.class);
    }

    @Test
    void panicOnADeadServerForgetsItsMeetingsAndEndsThemWhenItIsBack() {
        try (var cluster = cluster(2)) {
            cluster.api().create("one");
            cluster.api().create("two");
            cluster.server(0).control().connect("one", People.viewers(3));
            cluster.server(0).goDown();
            var panicked = panic(cluster, 0);
            assertThat(panicked.ended()).isZero();
            assertThat(panicked.forgotten()).isEqualTo(2);
            assertThat(panicked.message()).contains("forgotten: 2");
            assertThat(panic(cluster, 0).changed()).isFalse();
            assertThat(cluster.registered()).isEmpty();
            cluster.api().create("one");
            assertThat(cluster.running("one")).contains(1);
            comeBack(cluster, 0);
            settle(cluster, 0);
            assertThat(cluster.only("one")).isEqualTo(1);
            assertThat(cluster.running("two")).isEmpty();
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
        }
    }

    @Test
    void panicOnAnOfflineServerForgetsWhatWasLostWithIt() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            giveUp(cluster, 0);
            assertThat(panic(cluster, 0).forgotten()).isEqualTo(1);
            assertThat(cluster.registered()).isEmpty();
        }
    }

    @Test
    void aHangingServerDelaysPanicNoLongerThanOneAnswerMay() {
        try (var cluster =
                Cluster.of(2).weights(100.0, 1.0).with("bbb.answer-timeout", "1s").start()) {
            for (int i = 0; i < 10; i++) {
                cluster.api().create("room-" + i);
            }
            cluster.server(0).faults().add(FaultRule.parse("end=hang"));
            long start = System.nanoTime();
            assertThat(panic(cluster, 0).forgotten()).isEqualTo(10);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aCreateUnderWayWhenPanicStrikesEndsUpOnAnotherServer() {
        try (var cluster = cluster(2)) {
            cluster.server(0).faults().add(FaultRule.parse("create=delay:500ms*1"));
            var create = Together.begin(() -> cluster.api().create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            panic(cluster, 0);
            assertThat(Together.result(create).succeeded()).isTrue();
            assertThat(cluster.registered("room").orElseThrow().server()).isEqualTo("bbb1");
            settle(cluster, 0);
            settle(cluster, 0);
            assertThat(cluster.only("room")).isEqualTo(1);
        }
    }

    @Test
    void aServerRemovedByForceLosesItsMeetingsAndJoinsOpenThemElsewhere() {
        try (var cluster = cluster(2)) {
            String moderator = cluster.api().create("room").text("moderatorPW");
            assertThat(cluster.act(AdminRoutes.SERVERS_REMOVE, 0)).contains("1 meeting runs");
            assertThat(cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0)).isEmpty();
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("lost");
            assertThat(events(cluster, "meetings-lost")).isEqualTo(1);
            assertThat(cluster.api().list().succeeded()).isTrue();
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(1).api().toString());
            assertThat(cluster.api().info("room").text("moderatorPW")).isEqualTo(moderator);
        }
    }

    @Test
    void aCreateUnderWayWhenItsServerIsRemovedByForceEndsUpOnAnotherServer() {
        try (var cluster = cluster(2)) {
            cluster.server(0).faults().add(FaultRule.parse("create=delay:500ms*1"));
            var create = Together.begin(() -> cluster.api().create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0);
            assertThat(Together.result(create).succeeded()).isTrue();
            assertThat(cluster.registered("room").orElseThrow().server()).isEqualTo("bbb1");
            addAgain(cluster, 0, "late");
            settleAs(cluster, "late", 0);
            assertThat(cluster.only("room")).isEqualTo(1);
        }
    }

    private static void addAgain(Cluster cluster, int number, String id) {
        var server = cluster.server(number);
        var wish = ServerWish.enabled(id, server.api().toString(), server.secret().reveal());
        cluster.admin(AdminRoutes.SERVERS_ADD, "", wish, ServerView.class);
    }

    /// Polls it until what it came back with is settled.
    private static void settleAs(Cluster cluster, String id, int number) {
        for (int i = 0; i < 4; i++) {
            cluster.clock().advance(Duration.ofSeconds(20));
            cluster.admin(AdminRoutes.SERVERS_POLL, id, null, ServerView.class);
            cluster.server(number).tick();
        }
    }

    @Test
    void aServerAddedAgainUnderItsNameHasItsMeetingAgain() {
        try (var cluster = cluster(2)) {
            String created = cluster.api().create("room").text("internalMeetingID");
            cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0);
            addAgain(cluster, 0, "bbb0");
            settleAs(cluster, "bbb0", 0);
            var meeting = cluster.registered("room").orElseThrow();
            assertThat(meeting.state()).isEqualTo("confirmed");
            assertThat(meeting.internalId()).isEqualTo(created);
            assertThat(cluster.only("room")).isZero();
        }
    }

    @Test
    void aServerAddedAgainUnderAnotherNameHasItsMeetingAgain() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0);
            cluster.stop();
            cluster.start();
            addAgain(cluster, 0, "anew");
            settleAs(cluster, "anew", 0);
            assertThat(cluster.registered("room").orElseThrow().server()).isEqualTo("anew");
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(0).api().toString());
            settleAs(cluster, "anew", 0);
            assertThat(cluster.only("room")).isZero();
        }
    }

    @Test
    void theEmptyTwinOnAServerAddedAgainIsEnded() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0);
            cluster.api().join("room");
            addAgain(cluster, 0, "anew");
            settleAs(cluster, "anew", 0);
            assertThat(cluster.only("room")).isEqualTo(1);
        }
    }

    @Test
    void theTwinWithPeopleOnAServerAddedAgainStays() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(3));
            cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0);
            cluster.api().create("room");
            addAgain(cluster, 0, "anew");
            settleAs(cluster, "anew", 0);
            settle(cluster, 1);
            assertThat(cluster.only("room")).isZero();
            assertThat(cluster.registered("room").orElseThrow().server()).isEqualTo("anew");
        }
    }

    @Test
    void aMeetingEndedWhileItsServerWasRemovedStaysEnded() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(3));
            cluster.act(AdminRoutes.SERVERS_REMOVE_BY_FORCE, 0);
            cluster.api().create("room");
            cluster.api().end("room");
            addAgain(cluster, 0, "anew");
            settleAs(cluster, "anew", 0);
            assertThat(cluster.running("room")).isEmpty();
            assertThat(cluster.registered("room")).isEmpty();
        }
    }
}
