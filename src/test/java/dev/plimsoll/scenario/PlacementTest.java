// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

@Timeout(30)
final class PlacementTest {

    @Test
    void fiftyCreatesInOneMomentSpreadEvenlyOverTenIdleServers() {
        try (var cluster = Cluster.of(10).start()) {
            var api = cluster.api();
            var replies = Together.all(50, i -> api.create("room-" + i));
            assertThat(replies).allMatch(reply -> reply.succeeded());
            assertThat(cluster.spread()).allMatch(meetings -> meetings >= 4 && meetings <= 6);
            assertThat(cluster.calls("create")).isEqualTo(50);
        }
    }

    @Test
    void aBusyServerIsAvoidedOnceAPollHasSeenItsPeople() {
        try (var cluster = Cluster.of(2).start()) {
            cluster.api().create("big");
            int busy = cluster.only("big");
            cluster.server(busy)
                    .control()
                    .connect("big", People.viewers(100).withMicrophone().withCamera());
            cluster.pollAll();
            // 100 people, half as much again for their voices, twice as much for their cameras
            assertThat(cluster.view(busy).load()).isCloseTo(100 + 50 + 200 + 20, within(0.5));
            for (int i = 0; i < 6; i++) {
                cluster.api().create("room-" + i);
            }
            assertThat(cluster.spread().get(busy)).isEqualTo(1);
        }
    }

    @Test
    void aServerOfTwiceTheWeightGetsTwiceTheMeetings() {
        try (var cluster = Cluster.of(3).weights(1.0, 2.0, 1.0).start()) {
            for (int i = 0; i < 40; i++) {
                cluster.api().create("room-" + i);
            }
            assertThat(cluster.spread().get(1)).isBetween(19, 21);
            assertThat(cluster.spread().get(0)).isBetween(9, 11);
        }
    }

    @Test
    void aMeetingAnnouncedAsLargeTakesMoreRoomAtOnce() {
        try (var cluster = Cluster.of(2).start()) {
            cluster.api().create("congress", "meta_bbb-meeting-size-hint", "200");
            int large = cluster.only("congress");
            assertThat(cluster.view(large).reserved()).isCloseTo(200, within(0.5));
            for (int i = 0; i < 9; i++) {
                cluster.api().create("room-" + i);
            }
            assertThat(cluster.spread().get(large)).isEqualTo(1);
        }
    }

    @Test
    void theHintsOfOtherBalancersAndOfFormsCountAsWell() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("triple", "load", "3");
            assertThat(cluster.view(0).reserved()).isCloseTo(60, within(0.5));
            cluster.api()
                    .post(
                            "create",
                            "",
                            "application/x-www-form-urlencoded",
                            "name=Form&meetingID=form&meta_bbb-meeting-size-hint=100");
            assertThat(cluster.view(0).reserved()).isCloseTo(160, within(0.5));
            cluster.api().create("nonsense", "meta_bbb-meeting-size-hint", "many", "load", "-7");
            assertThat(cluster.view(0).reserved()).isCloseTo(180, within(0.5));
        }
    }

    @Test
    void aReservationDecaysWithTimeAndIsGivenBackWhenTheMeetingEnds() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("old");
            cluster.clock().advance(Duration.ofMinutes(10));
            assertThat(cluster.view(0).reserved()).isCloseTo(10, within(0.2));
            cluster.api().create("new");
            assertThat(cluster.view(0).reserved()).isCloseTo(30, within(0.2));
            cluster.api().end("new");
            assertThat(cluster.view(0).reserved()).isCloseTo(10, within(0.2));
            cluster.api().end("old");
            assertThat(cluster.view(0).reserved()).isCloseTo(0, within(0.2));
        }
    }

    @Test
    void aRefusedCreateReservesNothing() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room", "voiceBridge", "12345");
            var reply = cluster.api().create("other", "voiceBridge", "12345");
            assertThat(reply.text("returncode")).isEqualTo("FAILED");
            assertThat(cluster.view(0).reserved()).isCloseTo(20, within(0.2));
        }
    }

    @Test
    void peopleInBreakoutRoomsCountOnce() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("parent");
            var server = cluster.server(0);
            server.control().connect("parent", People.viewers(10));
            String parent = cluster.meeting("parent").internalId();
            var direct =
                    new dev.plimsoll.testing.Frontend(
                            "http://127.0.0.1:" + server.port(), server.secret());
            var room =
                    direct.create(
                            "room-of-parent",
                            "isBreakout",
                            "true",
                            "parentMeetingID",
                            parent,
                            "sequence",
                            "1");
            assertThat(room.succeeded()).as(room.body()).isTrue();
            server.control().connect("room-of-parent", People.viewers(4));
            cluster.poll(0);
            assertThat(cluster.view(0).meetings()).isEqualTo(2);
            assertThat(cluster.view(0).users()).isEqualTo(10);
        }
    }

    @Test
    void serversThatDoNotTakeNewMeetingsGetNone() {
        try (var cluster = Cluster.of(6).start()) {
            cluster.act(AdminRoutes.SERVERS_CORDON, 0);
            cluster.act(AdminRoutes.SERVERS_DRAIN, 1);
            cluster.act(AdminRoutes.SERVERS_DISABLE, 2);
            cluster.server(3).faults().add(FaultRule.parse("garbage"));
            cluster.poll(3);
            assertThat(cluster.health(3)).isEqualTo("unstable");
            cluster.server(4).goDown();
            for (int i = 0; i < 3; i++) {
                cluster.poll(4);
            }
            assertThat(cluster.health(4)).isEqualTo("offline");
            for (int i = 0; i < 12; i++) {
                assertThat(cluster.api().create("room-" + i).succeeded()).isTrue();
            }
            assertThat(cluster.spread()).containsExactly(0, 0, 0, 0, 0, 12);
        }
    }

    @Test
    void withoutAnyServerACreateFailsClearlyAndLeavesNothingBehind() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.act(AdminRoutes.SERVERS_CORDON, 0);
            var reply = cluster.api().create("room");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text("returncode")).isEqualTo("FAILED");
            assertThat(reply.key()).isEqualTo("internalError");
            assertThat(reply.text("message")).isEqualTo("Could not find any available servers.");
            assertThat(cluster.registered()).isEmpty();
            assertThat(cluster.sql("SELECT COUNT(*) FROM meetings")).isEqualTo("0");

            cluster.act(AdminRoutes.SERVERS_ENABLE, 0);
            assertThat(cluster.api().create("room").succeeded()).isTrue();
        }
    }
}
