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

import java.time.Duration;

@Timeout(60)
final class OldMeetingsTest {

    private static final Duration PART = Duration.ofMinutes(10);

    private static String events(Cluster cluster, String kind) {
        return cluster.sql("SELECT COUNT(*) FROM events WHERE kind = '" + kind + "'");
    }

    /// A meeting that its server keeps although nobody is in it.
    private static void createEmpty(Cluster cluster, String id) {
        var reply =
                cluster.api()
                        .create(
                                id,
                                "meetingExpireIfNoUserJoinedInMinutes",
                                "9999",
                                "meetingExpireWhenLastUserLeftInMinutes",
                                "9999");
        assertThat(reply.succeeded()).as(reply.body()).isTrue();
    }

    private static void pollFor(Cluster cluster, Duration time) {
        for (var left = time; left.isPositive(); left = left.minus(PART)) {
            cluster.clock().advance(PART);
            cluster.pollAll();
        }
    }

    @Test
    void theServerIsToldTheAgeAndTheRecipeStaysTheCallers() {
        try (var cluster = Cluster.of(1).with("meeting.max-age", "8h").start()) {
            cluster.api().create("none");
            cluster.api().create("long", "duration", "900");
            cluster.api().create("short", "duration", "45");
            assertThat(cluster.api().info("none").text("duration")).isEqualTo("480");
            assertThat(cluster.api().info("long").text("duration")).isEqualTo("480");
            assertThat(cluster.api().info("short").text("duration")).isEqualTo("45");
            assertThat(cluster.sql("SELECT params FROM meetings WHERE meeting_id = 'long'"))
                    .contains("duration=900");
            assertThat(cluster.api().create("none").succeeded()).isTrue();
        }
    }

    @Test
    void aMeetingThatItsServerLetsLiveOnIsEndedFiveMinutesPastItsAge() {
        try (var cluster = Cluster.of(1).with("meeting.max-age", "1h").start()) {
            createEmpty(cluster, "room");
            var server = cluster.server(0);
            server.control().loseMeetings();
            cluster.clock().advance(Duration.ofSeconds(1));
            var behindOurBack = new Frontend("http://127.0.0.1:" + server.port(), server.secret());
            assertThat(behindOurBack.create("room").succeeded()).isTrue();
            server.control().connect("room", People.viewers(3));
            cluster.poll(0);
            cluster.clock().advance(Duration.ofMinutes(64));
            cluster.poll(0);
            assertThat(cluster.registered("room")).isPresent();
            cluster.clock().advance(Duration.ofMinutes(2));
            cluster.poll(0);
            assertThat(cluster.registered("room")).isEmpty();
            assertThat(server.control().calls("end")).isEqualTo(1);
            assertThat(cluster.sql("SELECT reason FROM ended_meetings ORDER BY ended_at DESC"))
                    .isEqualTo("too-old");
            assertThat(events(cluster, "meeting-too-old")).isEqualTo("1");
        }
    }

    @Test
    void aMeetingThatNobodyIsInForLongIsEnded() {
        try (var cluster = Cluster.of(1).with("meeting.abandoned-after", "1h").start()) {
            createEmpty(cluster, "empty");
            createEmpty(cluster, "used");
            cluster.server(0).control().connect("used", People.viewers(1));
            pollFor(cluster, Duration.ofMinutes(60));
            assertThat(cluster.registered("empty")).isPresent();
            pollFor(cluster, PART);
            assertThat(cluster.registered("empty")).isEmpty();
            assertThat(cluster.registered("used")).isPresent();
            assertThat(events(cluster, "meeting-abandoned")).isEqualTo("1");

            cluster.server(0).control().leave("used");
            pollFor(cluster, Duration.ofMinutes(50));
            assertThat(cluster.registered("used")).isPresent();
            pollFor(cluster, Duration.ofMinutes(30));
            assertThat(cluster.registered("used")).isEmpty();
        }
    }

    @Test
    void whatHappenedWhileAServerWasSilentCountsForNothing() {
        try (var cluster = Cluster.of(1).with("meeting.abandoned-after", "1h").start()) {
            createEmpty(cluster, "room");
            pollFor(cluster, Duration.ofMinutes(30));
            cluster.server(0).faults().add(FaultRule.parse("getMeetings=garbage*1"));
            cluster.poll(0);
            pollFor(cluster, Duration.ofMinutes(60));
            assertThat(cluster.registered("room")).isPresent();
            cluster.clock().advance(Duration.ofHours(5));
            cluster.poll(0);
            assertThat(cluster.registered("room")).as("nobody looked for hours").isPresent();
            pollFor(cluster, Duration.ofMinutes(70));
            assertThat(cluster.registered("room")).isEmpty();
        }
    }

    @Test
    void whoComesAfterThePollKeepsTheMeetingAlive() {
        try (var cluster = Cluster.of(1).with("meeting.abandoned-after", "1h").start()) {
            createEmpty(cluster, "room");
            pollFor(cluster, Duration.ofMinutes(60));
            cluster.clock().advance(PART);
            var control = cluster.server(0).control();
            cluster.server(0).faults().add(FaultRule.parse("getMeetingInfo=delay:1s*1"));
            var poll =
                    Together.begin(() -> {
                        cluster.poll(0);
                        return "polled";
                    });
            Together.until("we look once more", () -> control.calls("getMeetingInfo") == 1);
            control.connect("room", People.viewers(1));
            assertThat(Together.result(poll)).isEqualTo("polled");
            assertThat(cluster.registered("room")).isPresent();
            assertThat(control.calls("end")).isZero();
        }
    }

    @Test
    void aMeetingOfWhichItsServerDoesNotSayWhoIsInItStays() {
        try (var cluster = Cluster.of(1).with("meeting.abandoned-after", "1h").start()) {
            createEmpty(cluster, "room");
            pollFor(cluster, Duration.ofMinutes(60));
            cluster.server(0).faults().add(FaultRule.parse("getMeetingInfo=garbage"));
            pollFor(cluster, PART);
            assertThat(cluster.registered("room")).isPresent();
            cluster.server(0).faults().clear();
            pollFor(cluster, PART);
            assertThat(cluster.registered("room")).isEmpty();
        }
    }

    @Test
    void withoutASettingNoMeetingIsEnded() {
        try (var cluster = Cluster.of(1).start()) {
            createEmpty(cluster, "room");
            pollFor(cluster, Duration.ofMinutes(90));
            assertThat(cluster.registered("room")).isPresent();
            assertThat(cluster.api().info("room").text("duration")).isEqualTo("0");
        }
    }
}
