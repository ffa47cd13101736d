// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

@Timeout(60)
final class FailoverTest {

    /// Server 0 is chosen as long as it can be.
    private static Cluster cluster(int servers, String... more) {
        var builder = Cluster.of(servers).weights(100.0, 1.0, 1.0);
        for (int i = 0; i < more.length; i += 2) {
            builder.with(more[i], more[i + 1]);
        }
        return builder.start();
    }

    private static void giveUp(Cluster cluster, int server) {
        cluster.server(server).goDown();
        Together.until(
                "the server is offline",
                () -> {
                    cluster.poll(server);
                    return cluster.health(server).equals("offline");
                });
    }

    private static void comeBack(Cluster cluster, int server) {
        cluster.server(server).comeUp();
        Together.until(
                "the server is online",
                () -> {
                    cluster.poll(server);
                    return cluster.health(server).equals("online");
                });
    }

    @Test
    void aJoinOpensALostMeetingElsewhereAsItWasCreated() {
        try (var cluster = cluster(2)) {
            var created =
                    cluster.api().create("room", "meta_course", "Übung 5", "maxParticipants", "17");
            giveUp(cluster, 0);
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("lost");

            var join = cluster.api().join("room");
            assertThat(join.location())
                    .as(join.body())
                    .startsWith(cluster.server(1).api().toString());
            var meeting = cluster.api().info("room");
            assertThat(meeting.text("internalMeetingID"))
                    .isNotEqualTo(created.text("internalMeetingID"));
            assertThat(meeting.text("maxUsers")).isEqualTo("17");
            assertThat(meeting.body()).contains("Übung 5");
            assertThat(meeting.text("moderatorPW")).isEqualTo(created.text("moderatorPW"));
            assertThat(meeting.text("attendeePW")).isEqualTo(created.text("attendeePW"));
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("confirmed");
        }
    }

    @Test
    void aCreateOpensALostMeetingElsewhereAndKeepsThePasswordsOfItsLinks() {
        try (var cluster = cluster(2)) {
            var first = cluster.api().call("create", "meetingID", "room", "name", "Room");
            giveUp(cluster, 0);
            var again = cluster.api().call("create", "meetingID", "room", "name", "Room");
            assertThat(again.succeeded()).as(again.body()).isTrue();
            assertThat(again.text("moderatorPW")).isEqualTo(first.text("moderatorPW"));
            assertThat(cluster.server(1).control().meeting("room")).isPresent();
        }
    }

    @Test
    void aLinkThatNamesTheFormerCreateTimeStillLeadsIn() {
        try (var cluster = cluster(2)) {
            String time = cluster.api().create("room").text("createTime");
            giveUp(cluster, 0);
            String location = joinNaming(time, cluster).location();
            String now = cluster.api().info("room").text("createTime");
            assertThat(URLDecoder.decode(location, StandardCharsets.UTF_8))
                    .contains("createTime=" + now);
            assertThat(joinNaming("12345", cluster).location()).contains("createTime=12345");
        }
    }

    private static Frontend.Reply joinNaming(String createTime, Cluster cluster) {
        return cluster.api()
                .raw("join", "meetingID=room&fullName=Ada&role=MODERATOR&createTime=" + createTime);
    }

    @Test
    void allWhoComeInTheSameSecondGetOneMeeting() {
        try (var cluster = cluster(3)) {
            cluster.api().create("room");
            giveUp(cluster, 0);
            var api = cluster.api();
            var replies = Together.all(60, i -> i % 2 == 0 ? api.join("room") : api.create("room"));
            assertThat(replies).allMatch(reply -> reply.status() == 302 || reply.succeeded());
            assertThat(cluster.running("room")).hasSize(2).contains(0); // 0 is down, and kept it
            int only =
                    cluster.running("room").stream()
                            .filter(server -> server != 0)
                            .findFirst()
                            .orElseThrow();
            assertThat(replies)
                    .filteredOn(reply -> reply.status() == 302)
                    .allMatch(reply ->
                            reply.location().startsWith(cluster.server(only).api().toString()));
        }
    }

    @Test
    void whereTheTenantWantsNoFailoverTheMeetingWaitsForItsServer() {
        try (var cluster = cluster(2, "meeting.failover", "false", "join.patience", "100ms")) {
            cluster.api().create("room");
            giveUp(cluster, 0);
            assertThat(cluster.api().create("room").succeeded()).isFalse();
            var join = cluster.api().join("room");
            assertThat(join.location() + join.body()).contains("serverUnavailable");
            assertThat(cluster.server(1).control().meeting("room")).isEmpty();
            comeBack(cluster, 0);
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(0).api().toString());
        }
    }

    @Test
    void whatOnlyAReturningServerHasIsItsAgain() {
        try (var cluster = cluster(2)) {
            var created = cluster.api().create("room");
            giveUp(cluster, 0);
            comeBack(cluster, 0);
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("confirmed");
            assertThat(cluster.api().info("room").text("internalMeetingID"))
                    .isEqualTo(created.text("internalMeetingID"));
            assertThat(cluster.api().create("room").text("moderatorPW"))
                    .isEqualTo(created.text("moderatorPW"));
        }
    }

    @Test
    void theEmptyTwinOnAReturningServerIsEnded() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            giveUp(cluster, 0);
            cluster.api().join("room");
            comeBack(cluster, 0);
            awaitOnly(cluster, 1);
        }
    }

    @Test
    void theTwinWithPeopleInItStaysWhenTheOtherIsEmpty() {
        try (var cluster = cluster(2)) {
            String first = cluster.api().create("room").text("createTime");
            cluster.server(0).control().connect("room", People.viewers(3));
            giveUp(cluster, 0);
            cluster.api().create("room");
            comeBack(cluster, 0);
            awaitOnly(cluster, 0);
            assertThat(cluster.api().info("room").text("createTime")).isEqualTo(first);
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(0).api().toString());
        }
    }

    @Test
    void withPeopleInBothTwinsTheRegisteredOneStays() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(3));
            giveUp(cluster, 0);
            cluster.api().create("room");
            cluster.server(1).control().connect("room", People.viewers(1));
            comeBack(cluster, 0);
            awaitOnly(cluster, 1);
        }
    }

    private static void awaitOnly(Cluster cluster, int server) {
        Together.until(
                "one meeting is left",
                () -> {
                    cluster.clock().advance(Duration.ofSeconds(1));
                    cluster.pollAll();
                    cluster.servers().forEach(any -> any.tick());
                    return cluster.running("room").size() == 1;
                });
        assertThat(cluster.running("room")).containsExactly(server);
        assertThat(cluster.registered("room").orElseThrow().server())
                .isEqualTo(Cluster.name(server));
    }

    @Test
    void aLostMeetingThatIsEndedStaysEndedWhenItsServerReturnsWithIt() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(3));
            giveUp(cluster, 0);
            assertThat(cluster.api().end("room").succeeded()).isTrue();
            assertThat(cluster.registered("room")).isEmpty();
            comeBack(cluster, 0);
            Together.until(
                    "it is ended there, too",
                    () -> {
                        cluster.clock().advance(Duration.ofSeconds(10));
                        cluster.poll(0);
                        cluster.server(0).tick();
                        return cluster.running("room").isEmpty();
                    });
            assertThat(cluster.registered("room")).isEmpty();
        }
    }

    @Test
    void whatAServerOutOfServiceStillRunsIsNotGivenBackToIt() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(3));
            giveUp(cluster, 0);
            assertThat(cluster.act(AdminRoutes.SERVERS_DISABLE, 0)).isEmpty();
            comeBack(cluster, 0);
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("lost");
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(1).api().toString());
            awaitOnly(cluster, 1);
        }
    }

    @Test
    void aServerThatRestartedWithoutItsMeetingsIsNoticedAndTheyOpenAnew() {
        try (var cluster = cluster(2)) {
            for (String id : new String[] {"one", "two", "three"}) {
                cluster.api().create(id);
                cluster.server(0).control().connect(id, People.viewers(2));
            }
            cluster.pollAll();
            cluster.server(0).control().loseMeetings();
            cluster.poll(0);
            assertThat(cluster.registered("one").orElseThrow().state()).isEqualTo("lost");
            assertThat(cluster.api().list().meetingIds()).isEmpty();
            assertThat(cluster.api().call("isMeetingRunning", "meetingID", "one").text("running"))
                    .isEqualTo("false");
            for (String id : new String[] {"one", "two", "three"}) {
                assertThat(cluster.api().join(id).status()).isEqualTo(302);
                assertThat(cluster.running(id)).hasSize(1);
            }
        }
    }

    @Test
    void aLostMeetingIsKnownAfterARestartOfTheBalancer() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            giveUp(cluster, 0);
            cluster.stop();
            cluster.start();
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("lost");
            Frontend.Reply join = cluster.api().join("room");
            assertThat(join.location()).startsWith(cluster.server(1).api().toString());
        }
    }

    @Test
    void aLostMeetingThatNoServerCanTakeStaysLost() {
        try (var cluster = cluster(2, "join.patience", "100ms")) {
            cluster.api().create("room");
            giveUp(cluster, 0);
            giveUp(cluster, 1);
            assertThat(cluster.api().create("room").succeeded()).isFalse();
            assertThat(cluster.registered("room").orElseThrow().state()).isEqualTo("lost");
            comeBack(cluster, 1);
            assertThat(cluster.api().create("room").succeeded()).isTrue();
        }
    }
}
