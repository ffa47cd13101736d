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
import java.util.ArrayList;
import java.util.List;

@Timeout(30)
final class GetMeetingsTest {

    @Test
    void allServersMeetingsAreOneList() {
        try (var cluster = Cluster.of(4).start()) {
            var ids = create(cluster, "room", 12);
            var list = cluster.api().list();
            assertThat(list.succeeded()).isTrue();
            assertThat(list.meetingIds()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(cluster.spread()).allMatch(meetings -> meetings == 3);
        }
    }

    @Test
    void withoutMeetingsTheListSaysSoAndAsksNobody() {
        try (var cluster = Cluster.of(2).start()) {
            long before = cluster.calls();
            var list = cluster.api().list();
            assertThat(list.succeeded()).isTrue();
            assertThat(list.key()).isEqualTo("noMeetings");
            assertThat(cluster.calls()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hang", "slowly:100", "garbage", "html", "status:500", "truncate", "down"})
    void theListIsCompleteAndQuickWhileAServerFails(String fault) {
        try (var cluster =
                Cluster.of(3)
                        .with("api.list-timeout", "400ms")
                        .with("poll.timeout", "300ms")
                        .start()) {
            var api = cluster.api();
            var ids = create(cluster, "polled", 6);
            cluster.server(0)
                    .control()
                    .connect(onServer(cluster, ids, 0).getFirst(), People.viewers(3));
            cluster.pollAll();
            ids.addAll(create(cluster, "later", 6));
            // Ended after the last poll, which still shows it.
            String ended = onServer(cluster, ids, 0).getLast();
            api.end(ended);
            ids.remove(ended);
            if (fault.equals("down")) {
                cluster.server(0).goDown();
            } else {
                cluster.server(0).faults().add(FaultRule.parse(fault));
            }

            assertComplete(api, ids);
            assertThat(count(api, "participantCount")).isEqualTo(3);
            boolean late = fault.equals("hang") || fault.startsWith("slowly");
            assertThat(cluster.health(0)).isEqualTo(late ? "online" : "unstable");

            // After a restart what is filled in comes from the database.
            cluster.stop();
            cluster.start();
            assertComplete(cluster.api(), ids);
            assertThat(count(cluster.api(), "participantCount")).isEqualTo(3);

            // Offline servers are not even asked.
            cluster.poll(0);
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("offline");
            long asked = cluster.server(0).control().calls("getMeetings");
            assertComplete(cluster.api(), ids);
            assertThat(cluster.server(0).control().calls("getMeetings")).isEqualTo(asked);
        }
    }

    private static void assertComplete(Frontend api, List<String> ids) {
        long start = System.nanoTime();
        var list = api.list();
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(list.meetingIds()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(took).as("the list took").isLessThan(Duration.ofSeconds(2));
    }

    private static long count(Frontend api, String name) {
        return api.list().xml().child("meetings").orElseThrow().children().stream()
                .mapToLong(meeting -> meeting.numberOf(name))
                .sum();
    }

    @Test
    void aSilentServerMakesOneListSlowAndIsAskedAgainOnceAPollFoundItWell() {
        try (var cluster =
                Cluster.of(3)
                        .with("api.list-timeout", "700ms")
                        .with("poll.timeout", "300ms")
                        .start()) {
            var ids = create(cluster, "room", 6);
            String ended = onServer(cluster, ids, 0).getLast();
            cluster.pollAll();
            cluster.server(0).faults().add(FaultRule.parse("getMeetings=hang"));
            long before = cluster.server(0).control().calls("getMeetings");
            for (int i = 0; i < 10; i++) {
                assertComplete(cluster.api(), ids);
            }
            assertThat(cluster.server(0).control().calls("getMeetings") - before).isEqualTo(1);

            // A server whose last poll failed is not waited for, not even once.
            cluster.server(1).faults().add(FaultRule.parse("getMeetings=hang"));
            cluster.poll(1);
            before = cluster.server(1).control().calls("getMeetings");
            assertComplete(cluster.api(), ids);
            assertThat(cluster.server(1).control().calls("getMeetings")).isEqualTo(before);

            cluster.servers().forEach(server -> server.faults().clear());
            cluster.pollAll();
            cluster.server(0).control().connect(ended, People.viewers(2));
            assertThat(count(cluster.api(), "participantCount")).isEqualTo(2);
        }
    }

    @Test
    void whatIsFilledInForANewMeetingIsWhatItsCreateSaid() {
        try (var cluster = Cluster.of(1).start()) {
            var created =
                    cluster.api()
                            .create(
                                    "room",
                                    "voiceBridge",
                                    "71234",
                                    "record",
                                    "true",
                                    "duration",
                                    "90");
            cluster.server(0).goDown();
            var meeting =
                    cluster.api()
                            .list()
                            .xml()
                            .child("meetings")
                            .orElseThrow()
                            .children()
                            .getFirst();
            assertThat(meeting.textOf("meetingName")).isEqualTo("Room room");
            for (String same :
                    List.of(
                            "meetingID",
                            "internalMeetingID",
                            "createTime",
                            "voiceBridge",
                            "duration")) {
                assertThat(meeting.textOf(same)).as(same).isEqualTo(created.text(same));
            }
            assertThat(meeting.textOf("recording")).isEqualTo("true");
            assertThat(meeting.textOf("running")).isEqualTo("false");
        }
    }

    @Test
    void breakoutRoomsAreListedAlsoWhenTheirServerIsSilent() {
        try (var cluster = Cluster.of(2).start()) {
            cluster.api().create("parent");
            var server = cluster.server(cluster.only("parent"));
            var direct = new Frontend("http://127.0.0.1:" + server.port(), server.secret());
            String parent = cluster.meeting("parent").internalId();
            assertThat(
                            direct.create(
                                            "room-1",
                                            "isBreakout",
                                            "true",
                                            "parentMeetingID",
                                            parent,
                                            "sequence",
                                            "1")
                                    .succeeded())
                    .isTrue();
            assertThat(cluster.api().list().meetingIds()).hasSize(2);
            cluster.pollAll();
            server.goDown();
            var silent = cluster.api().list();
            assertThat(silent.meetingIds()).hasSize(2);
            assertThat(silent.body()).contains("<isBreakout>true</isBreakout>");
        }
    }

    @Test
    void aHundredCallersCostFewQuestions() {
        try (var cluster = Cluster.of(3).start()) {
            var api = cluster.api();
            create(cluster, "room", 3);
            cluster.servers()
                    .forEach(server ->
                            server.faults().add(FaultRule.parse("getMeetings=delay:400ms")));
            long before = cluster.calls("getMeetings");
            var lists = Together.all(100, _ -> api.list());
            assertThat(lists).allMatch(list -> list.meetingIds().size() == 3);
            assertThat(cluster.calls("getMeetings") - before).isLessThanOrEqualTo(3 * 4);
        }
    }

    @Test
    void aMeetingCreatedBeforeACallIsAlwaysInItsAnswer() {
        try (var cluster = Cluster.of(3).start()) {
            var api = cluster.api();
            Together.all(
                    8,
                    worker -> {
                        for (int i = 0; i < 8; i++) {
                            String id = "room-" + worker + "-" + i;
                            api.create(id);
                            assertThat(api.list().meetingIds()).containsOnlyOnce(id);
                        }
                        return worker;
                    });
        }
    }

    @Test
    void aServerThatComesBackFromOfflineIsAskedAgain() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.server(0).goDown();
            for (int i = 0; i < 3; i++) {
                cluster.poll(0);
            }
            assertThat(cluster.api().list().meetingIds()).containsExactly("room");
            cluster.server(0).comeUp();
            cluster.poll(0);
            cluster.poll(0);
            cluster.server(0).control().connect("room", People.viewers(7));
            assertThat(count(cluster.api(), "participantCount")).isEqualTo(7);
        }
    }

    /// Creates so many; their ids.
    private static List<String> create(Cluster cluster, String prefix, int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            ids.add(prefix + "-" + i);
            assertThat(cluster.api().create(prefix + "-" + i).succeeded()).isTrue();
        }
        return ids;
    }

    private static List<String> onServer(Cluster cluster, List<String> ids, int server) {
        return ids.stream().filter(id -> cluster.running(id).contains(server)).toList();
    }
}
