// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;

@Timeout(60)
final class CapsTest {

    private static long successes(List<Frontend.Reply> replies) {
        return replies.stream().filter(Frontend.Reply::succeeded).count();
    }

    @Test
    void twoHundredCreatesInOneMomentNeverExceedTheMostMeetings() {
        try (var cluster = Cluster.of(3).with("placement.max-meetings", "30").start()) {
            cluster.limit(2, 0, 7, 0);
            var api = cluster.api();
            var replies = Together.all(200, i -> api.create("room-" + i));
            assertThat(successes(replies)).isEqualTo(67);
            assertThat(cluster.spread()).containsExactly(30, 30, 7);
            var refused = replies.stream().filter(reply -> !reply.succeeded()).findAny();
            assertThat(refused.orElseThrow().text("message"))
                    .isEqualTo("Could not find any available servers.");
            assertThat(refused.get().key()).isEqualTo("internalError");
            assertThat(cluster.registered()).hasSize(67);
        }
    }

    /// Of so many servers, one is chosen among those remembered and then looked at once more.
    @Test
    void amongManyServersLimitsHoldAsExactly() {
        try (var cluster = Cluster.of(12).with("placement.max-users", "60").start()) {
            var api = cluster.api();
            assertThat(successes(Together.all(60, i -> api.create("room-" + i)))).isEqualTo(36);
            assertThat(cluster.spread()).containsOnly(3);
            cluster.limit(5, 80, 0, 0);
            assertThat(api.create("one more").succeeded()).isTrue();
            assertThat(cluster.only("one more")).isEqualTo(5);
            assertThat(api.create("too many").succeeded()).isFalse();
        }
    }

    @Test
    void fiftyCreatesInOneSecondReserveNoMoreThanTheMostUsers() {
        try (var cluster = Cluster.of(2).with("placement.max-users", "100").start()) {
            var api = cluster.api();
            assertThat(successes(Together.all(50, i -> api.create("room-" + i)))).isEqualTo(10);
            assertThat(cluster.spread()).containsExactly(5, 5);
            var caps = cluster.view(0).caps();
            assertThat(caps.maxUsers()).isEqualTo(100);
            assertThat(caps.usersLeft()).isZero();
            assertThat(caps.full()).isEqualTo("full: 100 of 100 users, 20 more expected");
        }
    }

    @Test
    void peopleSeenByPollsCount() {
        try (var cluster = Cluster.of(1).with("placement.max-users", "300").start()) {
            cluster.api().create("lecture");
            cluster.server(0).control().connect("lecture", People.viewers(270));
            cluster.poll(0);
            assertThat(cluster.api().create("late").succeeded()).isFalse();
            cluster.limit(0, 400, 0, 0);
            assertThat(cluster.api().create("late").succeeded()).isTrue();
        }
    }

    @Test
    void aServerTakesSoManyNewMeetingsPerMinuteAndNoMore() {
        try (var cluster = Cluster.of(1).with("placement.max-per-minute", "3").start()) {
            var api = cluster.api();
            assertThat(successes(Together.all(10, i -> api.create("room-" + i)))).isEqualTo(3);
            assertThat(cluster.view(0).caps().full()).isEqualTo("takes 3 new meetings per minute");
            cluster.clock().advance(Duration.ofSeconds(61));
            assertThat(cluster.view(0).caps().perMinuteLeft()).isEqualTo(3);
            assertThat(successes(Together.all(10, i -> api.create("more-" + i)))).isEqualTo(3);
        }
    }

    @Test
    void aCreateThatMovesOnCountsOnTheServerThatGetsIt() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.limit(1, 0, 0, 1);
            cluster.server(0).faults().add(FaultRule.parse("create=garbage"));
            assertThat(cluster.api().create("one").succeeded()).isTrue();
            assertThat(cluster.only("one")).isEqualTo(1);
            assertThat(cluster.view(1).caps().perMinuteLeft()).isZero();
            assertThat(cluster.api().create("two").succeeded()).isFalse();
        }
    }

    @Test
    void meetingsOfADeadServerOpenElsewhereOnlyWhereThereIsRoom() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.limit(1, 0, 1, 0);
            cluster.api().create("one");
            cluster.api().create("two");
            giveUp(cluster);
            assertThat(cluster.api().create("one").succeeded()).isTrue();
            assertThat(cluster.api().create("two").succeeded()).isFalse();
            assertThat(cluster.registered("two").orElseThrow().state()).isEqualTo("lost");
            assertThat(cluster.api().end("one").succeeded()).isTrue();
            assertThat(cluster.api().create("two").succeeded()).isTrue();
        }
    }

    @Test
    void meetingsThatAreLostTakeNoRoom() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.limit(0, 0, 2, 0);
            for (String id : new String[] {"one", "two"}) {
                cluster.api().create(id);
                cluster.server(0).control().connect(id, People.viewers(2));
            }
            cluster.poll(0);
            cluster.server(0).control().loseMeetings();
            cluster.poll(0);
            assertThat(cluster.registered("one").orElseThrow().state()).isEqualTo("lost");
            assertThat(cluster.view(0).caps().meetingsLeft()).isEqualTo(2);
            assertThat(cluster.api().create("three").succeeded()).isTrue();
            assertThat(cluster.api().join("one").status()).isEqualTo(302);
            assertThat(cluster.api().create("two").succeeded()).isFalse();
        }
    }

    @Test
    void neitherARunningMeetingNorABreakoutRoomIsRefusedByACap() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.limit(0, 1, 1, 1);
            assertThat(cluster.api().create("parent").succeeded()).isTrue();
            assertThat(cluster.api().create("other").succeeded()).isFalse();
            assertThat(cluster.api().create("parent").succeeded()).isTrue();
            cluster.server(0).control().connect("parent", People.viewers(9));
            var room =
                    cluster.api()
                            .create(
                                    "room-1",
                                    "isBreakout",
                                    "true",
                                    "parentMeetingID",
                                    "parent",
                                    "sequence",
                                    "1");
            assertThat(room.succeeded()).as(room.body()).isTrue();
            assertThat(cluster.api().join("parent").status()).isEqualTo(302);
        }
    }

    @Test
    void bigMeetingsSpreadEvenWhenTheOthersAreBusier() {
        try (var cluster = Cluster.of(3).weights(100.0, 1.0, 1.0).start()) {
            for (String id : new String[] {"one", "two", "three", "four"}) {
                assertThat(
                                cluster.api()
                                        .create(id, "meta_bbb-meeting-size-hint", "150")
                                        .succeeded())
                        .isTrue();
            }
            assertThat(cluster.spread()).containsExactly(2, 1, 1);
        }
    }

    @Test
    void aBigMeetingKeepsAwayFromOneThatGrewBig() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.api().create("grown");
            cluster.server(0).control().connect("grown", People.viewers(120));
            cluster.poll(0);
            cluster.api().create("big", "load", "6");
            assertThat(cluster.only("big")).isEqualTo(1);
            cluster.api().create("small");
            assertThat(cluster.only("small")).isZero();
        }
    }

    @Test
    void aRoomThatWasLargeIsExpectedToBeSoAgain() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.api().create("lecture");
            cluster.server(0).control().connect("lecture", People.viewers(120));
            cluster.poll(0);
            cluster.api().end("lecture");
            assertThat(cluster.sql("SELECT peak_users FROM ended_meetings")).isEqualTo("120");
            cluster.clock().advance(Duration.ofSeconds(5));
            cluster.poll(0);

            cluster.api().create("congress", "meta_bbb-meeting-size-hint", "200");
            assertThat(cluster.only("congress")).isZero();
            assertThat(cluster.api().create("lecture").succeeded()).isTrue();
            assertThat(cluster.only("lecture")).isEqualTo(1);
            assertThat(cluster.view(1).reserved()).isCloseTo(120, within(0.5));
        }
    }

    @Test
    void aLostMeetingIsExpectedToBeAsLargeAsItWas() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.api().create("lecture");
            cluster.server(0).control().connect("lecture", People.viewers(150));
            cluster.poll(0);
            giveUp(cluster);
            assertThat(cluster.api().create("lecture").succeeded()).isTrue();
            assertThat(cluster.view(1).reserved()).isCloseTo(150, within(0.5));
        }
    }

    private static void giveUp(Cluster cluster) {
        cluster.server(0).goDown();
        Together.until(
                "the server is offline",
                () -> {
                    cluster.poll(0);
                    return cluster.health(0).equals("offline");
                });
    }

    @Test
    void onlyTheLastRunsOfTheLastWeeksCount() {
        try (var cluster = Cluster.of(1).start()) {
            for (int people : new int[] {200, 50, 60, 40}) {
                cluster.api().create("room");
                cluster.server(0).control().connect("room", People.viewers(people));
                cluster.poll(0);
                cluster.api().end("room");
                cluster.clock().advance(Duration.ofHours(2));
                cluster.poll(0);
            }
            cluster.api().create("room");
            assertThat(cluster.view(0).reserved()).isCloseTo(60, within(0.5));
            cluster.api().end("room");
            cluster.clock().advance(Duration.ofDays(61));
            cluster.poll(0);
            cluster.api().create("room");
            assertThat(cluster.view(0).reserved()).isCloseTo(20, within(0.5));
        }
    }

    @Test
    void aPeakIsWrittenAgainOnlyWhenItHasGrownNoticeably() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(20));
            cluster.poll(0);
            cluster.server(0).control().connect("room", People.viewers(10));
            cluster.poll(0);
            assertThat(cluster.sql("SELECT peak_users FROM meetings")).isEqualTo("20");
            cluster.server(0).control().connect("room", People.viewers(1));
            cluster.poll(0);
            assertThat(cluster.sql("SELECT peak_users FROM meetings")).isEqualTo("31");
        }
    }
}
