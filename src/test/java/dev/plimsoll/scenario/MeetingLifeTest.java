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
import java.util.HashSet;
import java.util.List;

@Timeout(30)
final class MeetingLifeTest {

    @Test
    void anEndedMeetingIsUnknown() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            api.create("room");
            assertThat(api.end("room").key()).isEqualTo("sentEndMeetingRequest");
            assertThat(cluster.registered()).isEmpty();
            assertThat(api.info("room").key()).isEqualTo("notFound");
            assertThat(api.end("room").key()).isEqualTo("notFound");
            assertThat(api.join("room").location()).contains("meetingForciblyEnded");
            assertThat(api.call("isMeetingRunning", "meetingID", "room").text("running"))
                    .isEqualTo("false");
            Together.until("it is gone", () -> api.list().meetingIds().isEmpty());
            assertThat(cluster.sql("SELECT reason FROM ended_meetings")).isEqualTo("ended");
        }
    }

    @Test
    void aMeetingCreatedRightAfterItsEndIsAFreshOneAndNeverTheDyingOne() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            var seen = new HashSet<String>();
            for (int i = 0; i < 8; i++) {
                var reply = api.create("room");
                assertThat(reply.succeeded()).as(reply.body()).isTrue();
                assertThat(reply.key()).as("not the one before").isEmpty();
                assertThat(seen.add(reply.text("internalMeetingID"))).isTrue();
                assertThat(api.join("room").location()).contains("/api/join?");
                api.end("room");
            }
            String last = api.create("room").text("internalMeetingID");
            cluster.poll(0);
            cluster.clock().advance(Duration.ofSeconds(20));
            cluster.poll(0);
            assertThat(cluster.meeting("room").internalId()).isEqualTo(last);
            assertThat(cluster.registered("room").orElseThrow().internalId()).isEqualTo(last);
            assertThat(cluster.sql("SELECT COUNT(*) FROM strays")).isEqualTo("0");
        }
    }

    @Test
    void aMeetingThatEndedByItselfIsForgottenAtTheNextPoll() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            api.create("by-moderator");
            api.create("never-joined");
            api.create("left");
            cluster.server(cluster.only("left")).control().connect("left", People.viewers(2));
            cluster.pollAll();
            assertThat(cluster.registered()).hasSize(3);

            cluster.server(cluster.only("by-moderator")).control().endMeeting("by-moderator");
            cluster.server(cluster.only("left")).control().leave("left");
            cluster.clock().advance(Duration.ofMinutes(20));
            cluster.servers().forEach(server -> server.tick());
            cluster.clock().advance(Duration.ofMinutes(20));
            cluster.servers().forEach(server -> server.tick());
            cluster.pollAll();
            assertThat(cluster.registered()).isEmpty();
            assertThat(api.list().key()).isEqualTo("noMeetings");
            for (var id : new String[] {"by-moderator", "never-joined", "left"}) {
                assertThat(api.create(id).key()).as("a fresh %s", id).isEmpty();
            }
        }
    }

    @Test
    void aPollThatBeganBeforeACreateDoesNotForgetItsMeeting() {
        try (var cluster = Cluster.of(1).start()) {
            // The answer is made before the create, and arrives after it.
            var server = cluster.server(0);
            server.faults().add(FaultRule.parse("getMeetings=slowly:100*1"));
            long before = server.control().calls("getMeetings");
            var poll =
                    Together.begin(() -> {
                        cluster.poll(0);
                        return true;
                    });
            Together.until(
                    "the poll is under way", () -> server.control().calls("getMeetings") > before);
            assertThat(cluster.api().create("room").succeeded()).isTrue();
            Together.result(poll);
            assertThat(cluster.registered("room")).isPresent();
            cluster.poll(0);
            assertThat(cluster.registered("room")).isPresent();
        }
    }

    @Test
    void meetingsThatOthersRunOnAServerAreLeftAlone() {
        try (var cluster = Cluster.of(1).start()) {
            var server = cluster.server(0);
            var direct = new Frontend("http://127.0.0.1:" + server.port(), server.secret());
            direct.create("theirs");
            cluster.api().create("ours");
            for (int i = 0; i < 3; i++) {
                cluster.poll(0);
                cluster.clock().advance(Duration.ofSeconds(20));
            }
            assertThat(cluster.running("theirs")).containsExactly(0);
            assertThat(cluster.registered("theirs")).isEmpty();
            assertThat(cluster.api().end("theirs").key()).isEqualTo("notFound");
            assertThat(cluster.api().list().meetingIds())
                    .containsExactlyInAnyOrder("ours", "theirs");
        }
    }

    @Test
    void aServerThatLostItsMeetingsIsNoticedByThePoll() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            String old = api.create("room").text("internalMeetingID");
            cluster.pollAll();
            cluster.server(cluster.only("room")).control().loseMeetings();
            cluster.pollAll();
            assertThat(cluster.registered()).isEmpty();
            var again = api.create("room");
            assertThat(again.key()).isEmpty();
            assertThat(again.text("internalMeetingID")).isNotEqualTo(old);
            assertThat(cluster.running("room")).hasSize(1);
        }
    }

    /// It restarted between two polls, and frontends call create before each join.
    @Test
    void whatAServerLostIsNotTakenForEndedWhereOneOfThemWasMadeAnewBeforeThePoll() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            String old = api.create("first").text("internalMeetingID");
            api.create("second");
            api.create("third");
            cluster.poll(0);
            cluster.server(0).control().loseMeetings();
            assertThat(api.create("first").text("internalMeetingID")).isNotEqualTo(old);
            api.create("fourth");
            cluster.poll(0);
            assertThat(api.join("second").location()).contains("/api/join?");
            assertThat(cluster.running("second")).hasSize(1);
            assertThat(cluster.registered("first").orElseThrow().state()).isEqualTo("confirmed");
            assertThat(cluster.registered("third").orElseThrow().state()).isEqualTo("lost");
        }
    }

    /// One was ended in a client, the other by us; a third goes on.
    @Test
    void whatEndsBesideOthersIsNotTakenForLost() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            List.of("first", "second", "third").forEach(api::create);
            cluster.poll(0);
            cluster.server(0).control().endMeeting("first");
            api.end("second");
            api.create("fourth");
            cluster.poll(0);
            assertThat(cluster.registered("first")).isEmpty();
            assertThat(cluster.registered("third").orElseThrow().state()).isEqualTo("confirmed");
        }
    }

    @Test
    void aServerThatLostItsMeetingsIsNoticedByTheNextCall() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            api.create("asked");
            api.create("ended");
            cluster.servers().forEach(server -> server.control().loseMeetings());
            assertThat(api.info("asked").key()).isEqualTo("notFound");
            assertThat(cluster.registered("asked")).isEmpty();
            assertThat(api.end("ended").key()).isEqualTo("notFound");
            assertThat(cluster.registered("ended")).isEmpty();
            assertThat(api.create("asked").key()).isEmpty();
            assertThat(api.join("asked").location()).contains("/api/join?");
        }
    }

    @Test
    void aCreateAfterItsServerLostTheMeetingMakesAFreshOneThere() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            api.create("room");
            int server = cluster.only("room");
            cluster.server(server).control().loseMeetings();
            var replies = Together.all(20, _ -> api.create("room"));
            assertThat(replies).allMatch(Frontend.Reply::succeeded);
            assertThat(replies.stream().map(reply -> reply.text("internalMeetingID")).distinct())
                    .hasSize(1);
            assertThat(cluster.running("room")).containsExactly(server);
            assertThat(cluster.registered("room").orElseThrow().internalId())
                    .isEqualTo(replies.getFirst().text("internalMeetingID"));
            cluster.pollAll();
            assertThat(cluster.registered("room")).isPresent();
        }
    }

    @Test
    void anotherInternalIdIsFollowed() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.poll(0);
            var server = cluster.server(0);
            server.control().loseMeetings();
            var direct = new Frontend("http://127.0.0.1:" + server.port(), server.secret());
            String fresh = direct.create("room").text("internalMeetingID");
            cluster.poll(0);
            assertThat(cluster.registered("room").orElseThrow().internalId()).isEqualTo(fresh);
            assertThat(cluster.api().list().meetingIds()).containsExactly("room");
            cluster.api().end("room");
            assertThat(cluster.registered()).isEmpty();
        }
    }

    @Test
    void endingAMeetingThatIsBeingCreatedEndsIt() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            cluster.server(0).faults().add(FaultRule.parse("create=delay:300ms*1"));
            var create = Together.begin(() -> api.create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            var end = api.end("room");
            assertThat(end.key()).isEqualTo("sentEndMeetingRequest");
            assertThat(Together.result(create).succeeded()).isTrue();
            assertThat(cluster.registered()).isEmpty();
            Together.until("it is gone", () -> cluster.running("room").isEmpty());
            assertThat(api.create("room").key()).isEmpty();
            cluster.clock().advance(Duration.ofHours(2));
            cluster.server(0).control().connect("room", People.viewers(1));
            cluster.poll(0);
            assertThat(cluster.sql("SELECT COUNT(*) FROM strays")).isEqualTo("0");
        }
    }

    @Test
    void whatAnEndWithoutAnAnswerMayHaveEndedIsNotGivenToTheNextCreate() {
        try (var cluster = Cluster.of(2).start()) {
            String first = cluster.api().create("room").text("internalMeetingID");
            cluster.server(cluster.only("room")).faults().add(FaultRule.parse("end=lose-answer*1"));
            assertThat(cluster.api().end("room").key()).isEqualTo("sentEndMeetingRequest");
            var next = cluster.api().create("room");
            assertThat(next.succeeded()).as(next.body()).isTrue();
            assertThat(next.text("internalMeetingID")).isNotEqualTo(first);
            Together.until("the first is gone", () -> cluster.running("room").size() == 1);
            assertThat(cluster.meeting("room").internalId())
                    .isEqualTo(next.text("internalMeetingID"));
        }
    }

    @Test
    void anEndThatAServerDidNotHearOfIsToldItByAPoll() {
        try (var cluster = Cluster.of(1).with("bbb.answer-timeout", "300ms").start()) {
            cluster.api().create("room");
            cluster.server(0).faults().add(FaultRule.parse("end=hang*1"));
            assertThat(cluster.api().end("room").key()).isEqualTo("sentEndMeetingRequest");
            assertThat(cluster.api().info("room").key()).isEqualTo("notFound");
            assertThat(cluster.running("room")).containsExactly(0);
            cluster.clock().advance(Duration.ofSeconds(16));
            cluster.poll(0);
            Together.until("it is gone", () -> cluster.running("room").isEmpty());
        }
    }

    /// A create that came too late opened it; its end was noted, and no poll has told the server yet.
    @Test
    void aRunThatIsToEndButLivesIsEndedByTheCreateThatFindsIt() {
        try (var cluster = Cluster.of(1).start()) {
            var server = cluster.server(0);
            var direct = new Frontend("http://127.0.0.1:" + server.port(), server.secret());
            String left = direct.create("room").text("internalMeetingID");
            cluster.sql(
                    "INSERT INTO strays (server_id, scoped_id, internal_id, cause, since) VALUES ('%s', 'room', '%s', 'ENDED', %d) RETURNING 1"
                            .formatted("bbb0", left, cluster.clock().millis()));
            var create = cluster.api().create("room");
            assertThat(create.succeeded()).isTrue();
            assertThat(create.text("internalMeetingID")).isNotEqualTo(left);
            assertThat(cluster.running("room")).containsExactly(0);
        }
    }

    @Test
    void createsAndEndsOfOneMeetingByManyNeverLeaveTwo() {
        try (var cluster = Cluster.of(3).start()) {
            var api = cluster.api();
            Together.all(
                    12,
                    i -> {
                        for (int round = 0; round < 10; round++) {
                            if ((i + round) % 4 == 0) {
                                api.end("room");
                            } else {
                                assertThat(api.create("room").succeeded()).isTrue();
                            }
                        }
                        return i;
                    });
            var last = api.create("room");
            Together.until("the dying are gone", () -> cluster.running("room").size() <= 1);
            cluster.pollAll();
            assertThat(cluster.registered()).hasSizeLessThanOrEqualTo(1);
            assertThat(api.create("room").succeeded()).as(last.body()).isTrue();
            assertThat(cluster.running("room")).hasSize(1);
            assertThat(cluster.registered("room").orElseThrow().internalId())
                    .isEqualTo(cluster.meeting("room").internalId());
        }
    }
}
