// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

@Timeout(30)
final class CreateFaultsTest {

    private static final String[] ROOMS = {"one", "two", "three"};

    /// A cluster whose server 0 is chosen first as long as it takes meetings.
    private static Cluster cluster(int servers) {
        return Cluster.of(servers)
                .weights(100.0, 1.0, 1.0)
                .with("bbb.create-timeout", "600ms")
                .with("create.budget", "5s")
                .start();
    }

    private static void strike(Cluster cluster, int server, String fault) {
        if (fault.equals("down")) {
            cluster.server(server).goDown();
        } else {
            cluster.server(server).faults().add(FaultRule.parse("create=" + fault));
        }
    }

    private static void recover(Cluster cluster, int server) {
        cluster.server(server).faults().clear();
        cluster.server(server).comeUp();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "down",
                "drop",
                "hang",
                "slowly:100",
                "garbage",
                "html",
                "html:502",
                "status:503",
                "truncate",
                "lose-answer",
                "delay:1s"
            })
    void whenTheChosenServerFailsTheSameRequestSucceedsOnAnother(String fault) {
        try (var cluster = cluster(2)) {
            strike(cluster, 0, fault);
            var reply = cluster.api().create("room");
            assertThat(reply.succeeded()).as(reply.body()).isTrue();
            assertThat(reply.key()).isEmpty();
            assertThat(cluster.registered("room").orElseThrow().server()).isEqualTo("bbb1");
            assertThat(cluster.health(0)).isEqualTo("unstable");
            if (fault.startsWith("delay")) {
                Together.until("it comes late", () -> cluster.running("room").contains(0));
            }

            recover(cluster, 0);
            assertThat(cluster.api().list().meetingIds()).containsExactly("room");
            cluster.pollAll();
            cluster.clock().advance(Duration.ofSeconds(1));
            cluster.pollAll();
            Together.until("no leftover", () -> cluster.running("room").size() == 1);
            assertThat(cluster.running("room")).containsExactly(1);
            assertThat(cluster.health(0)).isEqualTo("online");
            assertThat(cluster.api().list().meetingIds()).containsExactly("room");
            assertThat(cluster.meeting("room").internalId())
                    .isEqualTo(reply.text("internalMeetingID"));
            assertThat(cluster.api().info("room").text("internalMeetingID"))
                    .isEqualTo(reply.text("internalMeetingID"));

            // What is settled is forgotten: the next meeting of that id may run anywhere.
            cluster.api().end("room");
            Together.until("it has ended", () -> cluster.running("room").isEmpty());
            var again = cluster.api().create("room");
            assertThat(again.succeeded()).as(again.body()).isTrue();
            cluster.pollAll();
            cluster.clock().advance(Duration.ofSeconds(1));
            cluster.pollAll();
            assertThat(cluster.running("room")).hasSize(1);
            assertThat(cluster.meeting("room").internalId())
                    .isEqualTo(again.text("internalMeetingID"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "drop", "hang", "garbage", "lose-answer"})
    void withOneServerACreateFailsClearlyAndARetryWorks(String fault) {
        try (var cluster = cluster(1)) {
            strike(cluster, 0, fault);
            var failed = cluster.api().create("room");
            assertThat(failed.status()).isEqualTo(200);
            assertThat(failed.key()).isEqualTo("internalError");
            assertThat(failed.text("message"))
                    .isEqualTo(
                            "Unable to create meeting on server: no server could create the meeting.");
            assertThat(cluster.registered()).isEmpty();
            assertThat(cluster.api().create("room").text("message"))
                    .isEqualTo("Could not find any available servers.");

            recover(cluster, 0);
            cluster.poll(0);
            cluster.poll(0);
            var reply = cluster.api().create("room");
            assertThat(reply.succeeded()).as(reply.body()).isTrue();
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.meeting("room").internalId())
                    .isEqualTo(reply.text("internalMeetingID"));
            assertThat(cluster.api().list().meetingIds()).containsExactly("room");
        }
    }

    @Test
    void aPollEndsWhatALostAnswerLeftAndARetryMakesAFreshMeeting() {
        try (var cluster = Cluster.of(1).with("poll.successes-until-online", "1").start()) {
            cluster.server(0).faults().add(FaultRule.parse("create=lose-answer*1"));
            assertThat(cluster.api().create("room").succeeded()).isFalse();
            String left = cluster.meeting("room").internalId();
            // The poll both finds the server online and ends what was left; a create right after it
            // must not be told of the dying one.
            cluster.poll(0);
            var reply = cluster.api().create("room");
            assertThat(reply.succeeded()).as(reply.body()).isTrue();
            assertThat(reply.text("internalMeetingID")).isNotEqualTo(left);
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.meeting("room").internalId())
                    .isEqualTo(reply.text("internalMeetingID"));
        }
    }

    @Test
    void aLeftoverWithPeopleInItStaysAndTheEmptyOneIsEnded() {
        try (var cluster = cluster(2)) {
            strike(cluster, 0, "lose-answer");
            assertThat(cluster.api().create("room").succeeded()).isTrue();
            recover(cluster, 0);
            cluster.server(0).control().connect("room", People.viewers(2));
            cluster.clock().advance(Duration.ofSeconds(1));
            cluster.pollAll();
            cluster.clock().advance(Duration.ofSeconds(5)); // BBB: an end takes a while
            cluster.server(1).tick();
            assertThat(cluster.running("room")).containsExactly(0);
            assertThat(cluster.registered("room").orElseThrow().server())
                    .isEqualTo(Cluster.name(0));
            assertThat(cluster.api().list().meetingIds()).containsExactly("room");
        }
    }

    @Test
    void withPeopleInBothTheRegisteredOneStays() {
        try (var cluster = cluster(2)) {
            strike(cluster, 0, "lose-answer");
            assertThat(cluster.api().create("room").succeeded()).isTrue();
            cluster.server(1).control().connect("room", People.viewers(1));
            recover(cluster, 0);
            cluster.server(0).control().connect("room", People.viewers(20));
            cluster.clock().advance(Duration.ofSeconds(1));
            cluster.pollAll();
            cluster.clock().advance(Duration.ofSeconds(5)); // BBB: an end takes a while
            cluster.server(0).tick();
            assertThat(cluster.running("room")).containsExactly(1);
            assertThat(cluster.registered("room").orElseThrow().server())
                    .isEqualTo(Cluster.name(1));
        }
    }

    @Test
    void waitingCreatesGetTheWinnersMeetingAlsoWhenItHadToMoveOn() {
        try (var cluster = cluster(3)) {
            strike(cluster, 0, "hang");
            var api = cluster.api();
            var replies = Together.all(30, _ -> api.create("room"));
            assertThat(replies).allMatch(Frontend.Reply::succeeded);
            assertThat(replies.stream().map(reply -> reply.text("internalMeetingID")).distinct())
                    .hasSize(1);
            assertThat(replies).filteredOn(reply -> reply.key().isEmpty()).hasSize(1);
            assertThat(cluster.server(0).control().calls("create")).isEqualTo(1);
        }
    }

    @Test
    void severalMeetingsThatLostTheirAnswersAtOnceAreAllSettled() {
        try (var cluster = cluster(3)) {
            strike(cluster, 0, "lose-answer");
            var api = cluster.api();
            var replies = Together.all(ROOMS.length, i -> api.create(ROOMS[i]));
            assertThat(replies).allMatch(Frontend.Reply::succeeded);
            recover(cluster, 0);
            for (int i = 0; i < 3; i++) {
                cluster.pollAll();
                cluster.clock().advance(Duration.ofSeconds(1));
            }
            assertThat(api.list().meetingIds()).containsExactlyInAnyOrder(ROOMS);
            for (int i = 0; i < ROOMS.length; i++) {
                assertThat(cluster.meeting(ROOMS[i]).internalId())
                        .isEqualTo(replies.get(i).text("internalMeetingID"));
            }
        }
    }

    @Test
    void aBudgetThatEndsIsToldInTimeAndDoesNotCountAgainstTheServer() {
        try (var cluster =
                Cluster.of(1)
                        .with("bbb.create-timeout", "20s")
                        .with("create.budget", "1s")
                        .start()) {
            cluster.server(0).faults().add(FaultRule.parse("create=hang"));
            long start = System.nanoTime();
            var reply = cluster.api().create("room");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(3));
            assertThat(reply.key()).isEqualTo("internalError");
            assertThat(cluster.health(0)).isEqualTo("online");
            assertThat(cluster.registered()).isEmpty();
            recover(cluster, 0);
            assertThat(cluster.api().create("room").succeeded()).isTrue();
        }
    }

    @Test
    void aServerThatFailsTheRepeatedCreatesOfManyAtOnceIsBlamedOnce() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("room");
            cluster.server(0).faults().add(FaultRule.parse("create=delay:300ms*1"));
            cluster.server(0).faults().add(FaultRule.parse("create=garbage*1"));
            Together.all(50, _ -> api.create("room"));
            assertThat(cluster.health(0)).isEqualTo("unstable");
            assertThat(api.create("room").succeeded()).isTrue();
        }
    }

    @Test
    void aServerWithGoodPollsThatFailsCreatesIsTriedByOneOfThemFromTimeToTime() {
        try (var cluster = cluster(2)) {
            var api = cluster.api();
            strike(cluster, 0, "drop");
            long tried = cluster.server(0).control().calls("create");
            api.create("first");
            assertThat(cluster.server(0).control().calls("create")).isEqualTo(tried + 1);
            pollUntilOnline(cluster);
            Together.all(5, i -> api.create("spared-" + i));
            assertThat(cluster.server(0).control().calls("create")).isEqualTo(tried + 1);

            assertThat(cluster.sql("SELECT why FROM meetings WHERE meeting_id = 'spared-0'"))
                    .startsWith("passed over, since creates failed there: bbb0; least loaded of 1");

            cluster.clock().advance(Duration.ofSeconds(31));
            assertThat(Together.all(5, i -> api.create("trial-" + i)))
                    .allMatch(Frontend.Reply::succeeded);
            assertThat(cluster.server(0).control().calls("create")).isEqualTo(tried + 2);

            recover(cluster, 0);
            pollUntilOnline(cluster);
            cluster.clock().advance(Duration.ofSeconds(61));
            api.create("good");
            assertThat(cluster.running("good")).containsExactly(0);
            api.create("trusted");
            assertThat(cluster.running("trusted")).containsExactly(0);
        }
    }

    @Test
    void aServerThatFailedACreateStillTakesMeetingsWhenNoOtherCan() {
        try (var cluster = cluster(1)) {
            cluster.server(0).faults().add(FaultRule.parse("create=drop*1"));
            assertThat(cluster.api().create("room").succeeded()).isFalse();
            pollUntilOnline(cluster);
            assertThat(cluster.api().create("room").succeeded()).isTrue();
        }
    }

    private static void pollUntilOnline(Cluster cluster) {
        cluster.poll(0);
        cluster.poll(0);
        assertThat(cluster.health(0)).isEqualTo("online");
    }

    @Test
    void manyCreatesOnAHangingServerEndInTimeAndMoveOn() {
        try (var cluster = cluster(2)) {
            strike(cluster, 0, "hang");
            var api = cluster.api();
            long start = System.nanoTime();
            var replies = Together.all(200, i -> api.create("room-" + i));
            assertThat(replies).allMatch(Frontend.Reply::succeeded);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(8));
            assertThat(cluster.spread()).containsExactly(0, 200);
        }
    }
}
