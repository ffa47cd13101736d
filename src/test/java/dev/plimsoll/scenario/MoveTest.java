// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Browser;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.stream.IntStream;

@Timeout(180)
final class MoveTest {

    private static final String BACK =
            "https://lms.example.org/back?room=%%MEETINGID%%&who=%%USERNAME%%";

    /// Server 0 is chosen as long as it can be.
    private static Cluster cluster(int servers) {
        return Cluster.of(servers).weights(100.0, 1.0, 1.0).start();
    }

    /// As a browser does it; not followed.
    private static Target.Answer browse(String address, String cookie) {
        return Target.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Accept", "text/html,application/xhtml+xml")
                        .header("Cookie", cookie));
    }

    private static String joinAddress(Cluster cluster, String query) {
        return cluster.api().base()
                + "/bigbluebutton/api/join?"
                + Checksum.signed(Checksum.Algorithm.SHA256, "join", query, cluster.api().secret());
    }

    /// Where the server sends people when their meeting has ended.
    private static String logout(Cluster cluster, int server) {
        return cluster.server(server)
                .control()
                .meeting("room")
                .orElseThrow()
                .params()
                .get("logoutURL", "");
    }

    private static void settle(Cluster cluster) {
        cluster.clock().advance(Duration.ofSeconds(20));
        cluster.servers().forEach(server -> server.tick());
        cluster.pollAll();
        cluster.clock().advance(Duration.ofSeconds(5));
        cluster.servers().forEach(server -> server.tick());
    }

    @Test
    void aMeetingIsMovedAndIsTheSameToEverybody() {
        try (var cluster = cluster(3)) {
            var api = cluster.api();
            var created = api.create("room", "meta_course", "5", "moderatorPW", "mod");
            cluster.server(0).control().connect("room", People.viewers(3));
            var moved = api.call("move", "meetingID", "room", "serverID", "bbb2");
            assertThat(moved.succeeded()).as(moved.body()).isTrue();
            assertThat(moved.text("meetingID")).isEqualTo("room");
            assertThat(moved.text("internalMeetingID"))
                    .isNotEqualTo(created.text("internalMeetingID"));
            assertThat(api.join("room").location()).startsWith(cluster.server(2).api().toString());
            assertThat(api.info("room").text("moderatorPW")).isEqualTo("mod");
            assertThat(api.list().meetingIds()).containsExactly("room");
            var again = api.create("room");
            assertThat(again.text("internalMeetingID"))
                    .as(again.body())
                    .isEqualTo(moved.text("internalMeetingID"));
            settle(cluster);
            assertThat(cluster.running("room")).containsExactly(2);
        }
    }

    @Test
    void withoutATargetTheBestOtherServerIsTakenAndAFailingOneIsPassedOver() {
        try (var cluster =
                Cluster.of(3)
                        .weights(100.0, 50.0, 1.0)
                        .with("bbb.create-timeout", "600ms")
                        .start()) {
            cluster.api().create("room");
            cluster.server(1).faults().add(FaultRule.parse("create=lose-answer*1"));
            var moved = cluster.api().call("move", "meetingID", "room");
            assertThat(moved.succeeded()).as(moved.body()).isTrue();
            assertThat(cluster.registered("room").orElseThrow().server()).isEqualTo("bbb2");
            cluster.server(1).faults().clear();
            cluster.pollAll();
            settle(cluster);
            assertThat(cluster.running("room")).containsExactly(2);
        }
    }

    @Test
    void whatCannotBeMovedStaysAndIsToldInWords() {
        try (var cluster =
                Cluster.of(3)
                        .weights(100.0, 1.0, 1.0)
                        .with("bbb.create-timeout", "600ms")
                        .start()) {
            var api = cluster.api();
            String id = api.create("room").text("internalMeetingID");
            assertThat(api.call("move").key()).isEqualTo("missingParamMeetingID");
            assertThat(api.call("move", "meetingID", "nosuch").key()).isEqualTo("notFound");
            var unknown = api.call("move", "meetingID", "room", "serverID", "nosuch");
            assertThat(unknown.key()).isEqualTo("notFound");
            assertThat(unknown.text("message"))
                    .isEqualTo("We don't have a server with that server ID");
            assertThat(api.call("move", "meetingID", "room", "serverID", "bbb0").key())
                    .isEqualTo("sameServer");
            cluster.server(1).faults().add(FaultRule.parse("create=hang"));
            assertThat(api.call("move", "meetingID", "room", "serverID", "bbb1").key())
                    .isEqualTo("internalError");
            assertThat(api.info("room").text("internalMeetingID")).isEqualTo(id);
            assertThat(api.join("room").location()).startsWith(cluster.server(0).api().toString());
        }
    }

    @Test
    void aMeetingIsMovedAwayFromADeadServer() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(3));
            cluster.server(0).goDown();
            var moved = cluster.api().call("move", "meetingID", "room", "serverID", "bbb1");
            assertThat(moved.succeeded()).as(moved.body()).isTrue();
            assertThat(cluster.api().join("room").location())
                    .startsWith(cluster.server(1).api().toString());
            cluster.server(0).comeUp();
            cluster.pollAll();
            settle(cluster);
            assertThat(cluster.running("room")).containsExactly(1);
        }
    }

    @Test
    void manyWhoMoveCreateAndJoinAtOnceLeaveOneMeeting() {
        try (var cluster = cluster(3)) {
            var api = cluster.api();
            api.create("room");
            var replies =
                    Together.all(
                            48,
                            i ->
                                    switch (i % 4) {
                                        case 0 ->
                                                api.call(
                                                        "move",
                                                        "meetingID",
                                                        "room",
                                                        "serverID",
                                                        "bbb" + (i / 4 % 3));
                                        case 1 -> api.call("move", "meetingID", "room");
                                        case 2 -> api.create("room");
                                        default -> api.join("room");
                                    });
            var joins = IntStream.range(0, 48).filter(i -> i % 4 == 3).mapToObj(replies::get);
            assertThat(joins).allMatch(reply -> reply.location().contains("/api/join?"));
            for (int i = 0; i < 4; i++) {
                settle(cluster);
            }
            assertThat(cluster.running("room")).hasSize(1);
            assertThat(cluster.registered("room").orElseThrow().internalId())
                    .isEqualTo(
                            cluster.server(cluster.only("room"))
                                    .control()
                                    .meeting("room")
                                    .orElseThrow()
                                    .internalId());
        }
    }

    @Test
    void aBrowserIsLedBackIntoTheMovedMeeting() {
        try (var cluster = cluster(2)) {
            cluster.api().create("room", "logoutURL", BACK);
            var join =
                    browse(
                            joinAddress(
                                    cluster,
                                    "fullName=Ada+L&meetingID=room&role=MODERATOR&userID=7"),
                            "");
            assertThat(join.status()).isEqualTo(302);
            String cookie = join.header("Set-Cookie");
            assertThat(cookie)
                    .contains("HttpOnly")
                    .contains("SameSite=Lax")
                    .contains("Path=/bigbluebutton/api/rejoin")
                    .doesNotContain("Ada");
            String carried = cookie.split(";", 2)[0];
            String logout = logout(cluster, 0);
            assertThat(logout)
                    .startsWith(cluster.api().base() + "/bigbluebutton/api/rejoin?meeting=")
                    .doesNotContain("lms");

            assertThat(browse(logout, carried).header("Location"))
                    .isEqualTo("https://lms.example.org/back?room=room&who=Ada%20L");
            assertThat(browse(logout, "").header("Location"))
                    .isEqualTo("https://lms.example.org/back?room=room&who=");

            cluster.api().call("move", "meetingID", "room", "serverID", "bbb1");
            var back = browse(logout, carried);
            assertThat(back.header("Location"))
                    .startsWith(cluster.server(1).api().toString() + "join?")
                    .contains("fullName=Ada+L")
                    .contains("userID=7");
            assertThat(back.header("Set-Cookie")).contains("plimsoll-");
            assertThat(browse(logout, "").body()).contains("Your meeting goes on elsewhere");
            assertThat(browse(logout, carried.replaceAll(".{8}$", "AAAAAAAA")).body())
                    .contains("Your meeting goes on elsewhere");
            String atNewPlace = logout(cluster, 1);
            assertThat(atNewPlace).isNotEqualTo(logout);
            assertThat(browse(atNewPlace, carried).header("Location"))
                    .startsWith("https://lms.example.org/back");

            cluster.clock().advance(Duration.ofHours(13));
            assertThat(browse(logout, carried).body()).contains("Your meeting goes on elsewhere");
        }
    }

    @Test
    void aBrowserFollowsOverTwoMovesAndAfterTheEndItGoesHome() {
        try (var cluster = cluster(3)) {
            cluster.api().create("room", "logoutURL", BACK);
            String cookie =
                    browse(joinAddress(cluster, "fullName=Ada&meetingID=room&role=VIEWER"), "")
                            .header("Set-Cookie")
                            .split(";", 2)[0];
            String logout = logout(cluster, 0);
            cluster.api().call("move", "meetingID", "room", "serverID", "bbb1");
            cluster.api().call("move", "meetingID", "room", "serverID", "bbb2");
            assertThat(browse(logout, cookie).header("Location"))
                    .startsWith(cluster.server(2).api().toString() + "join?");
            cluster.api().end("room");
            assertThat(browse(logout, cookie).header("Location"))
                    .startsWith("https://lms.example.org/back");
            settle(cluster);
            cluster.api().create("room", "logoutURL", BACK);
            assertThat(browse(logout, cookie).header("Location"))
                    .as("another meeting of that name is none of theirs")
                    .startsWith("https://lms.example.org/back");
        }
    }

    @Test
    void whoeverForgesAnAddressIsLedNowhere() {
        try (var cluster = cluster(1)) {
            String base = cluster.api().base() + "/bigbluebutton/api/rejoin";
            for (String query : new String[] {"", "?meeting=", "?meeting=AAAA", "?meeting=%00"}) {
                var answer = browse(base + query, "");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).contains("This meeting cannot be joined");
            }
            cluster.api().create("room");
            var page = browse(logout(cluster, 0), "");
            assertThat(page.body()).contains("You have left the meeting");
        }
    }

    @Test
    void statisticsTellOfAllServers() {
        try (var cluster = cluster(3)) {
            cluster.api().create("room");
            cluster.server(0).control().connect("room", People.viewers(4));
            cluster.pollAll();
            cluster.server(1).goDown();
            var statistics = cluster.api().call("getStatistics");
            assertThat(statistics.succeeded()).isTrue();
            var servers = statistics.xml().child("servers").orElseThrow().children();
            assertThat(servers)
                    .extracting(server -> server.textOf("serverID"))
                    .containsExactly("bbb0", "bbb1", "bbb2");
            var meetings = servers.getFirst().child("meetings").orElseThrow().children();
            assertThat(meetings).hasSize(1);
            assertThat(meetings.getFirst().children())
                    .extracting(child -> child.name())
                    .containsExactly(
                            "meetingID",
                            "participantCount",
                            "listenerCount",
                            "voiceParticipantCount",
                            "videoCount");
            assertThat(meetings.getFirst().textOf("participantCount")).isEqualTo("4");
        }
    }

    @Test
    void aRealBrowserSitsInAMeetingThatIsMovedAndEndsUpInItsNewPlace() throws InterruptedException {
        try (var cluster = cluster(2)) {
            cluster.api().create("room", "logoutURL", BACK);
            String join = joinAddress(cluster, "fullName=Ada&meetingID=room&role=VIEWER");
            try (var browser = Browser.open(join, "en")) {
                awaitPerson(cluster, browser, 0);
                cluster.api().call("move", "meetingID", "room", "serverID", "bbb1");
                cluster.clock().advance(Duration.ofSeconds(5)); // BBB: an end takes a while
                cluster.servers().forEach(server -> server.tick());
                awaitPerson(cluster, browser, 1);
                assertThat(cluster.running("room")).containsExactly(1);
                assertThat(cluster.server(1).control().meeting("room").orElseThrow().people())
                        .extracting(person -> person.name())
                        .containsExactly("Ada");
            }
        }
    }

    private static void awaitPerson(Cluster cluster, Browser browser, int server)
            throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (cluster.server(server)
                .control()
                .meeting("room")
                .filter(meeting -> !meeting.people().isEmpty())
                .isEmpty()) {
            assertThat(System.nanoTime()).as(browser.pages()).isLessThan(deadline);
            Thread.sleep(100); // a browser tells nobody where it goes, so we look again
        }
    }
}
