// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;

@Timeout(30)
final class JoinTest {

    private static final String ENDED =
            "errors=[%7B%22message%22:%22You%20can%20not%20join%20a%20meeting%20that%20has%20already%20been%20"
                    + "forcibly%20ended%22,%22key%22:%22meetingForciblyEnded%22%7D]";

    @Test
    void theBrowserIsSentToTheServerOfTheMeetingWithAChecksumThatIsValidThere() throws Exception {
        try (var cluster = Cluster.of(4).start()) {
            for (int i = 0; i < 8; i++) {
                cluster.api().create("room-" + i);
                var reply = cluster.api().join("room-" + i);
                assertThat(reply.status()).isEqualTo(302);
                var server = cluster.server(cluster.only("room-" + i));
                assertThat(reply.location()).startsWith(server.api() + "join?");
                var entered =
                        HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(URI.create(reply.location()))
                                                .build(),
                                        BodyHandlers.discarding());
                assertThat(entered.headers().firstValue("Location").orElse(""))
                        .contains("sessionToken=");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fullName=Ada+Lovelace&meetingID=room&role=VIEWER",
                "fullName=Ada%20Lovelace&meetingID=room&role=VIEWER",
                "fullName=%F0%9F%98%80&meetingID=room&role=VIEWER",
                "fullName=J%c3%b6rg&meetingID=room&role=viewer",
                "role=MODERATOR&userdata-bbb_x=a%2Bb&fullName=A*~!'()&meetingID=%72oom",
                "fullName=A&fullName=B&meetingID=room&role=VIEWER&empty=&bare"
            })
    void theQueryIsPassedOnAsItCame(String query) {
        try (var cluster = Cluster.of(2).start()) {
            cluster.api().create("room");
            String location = cluster.api().raw("join", query).location();
            var server = cluster.server(cluster.only("room"));
            assertThat(location).startsWith(server.api() + "join?" + query + "&checksum=");
            assertThat(
                            Checksum.matches(
                                    Params.parse(location.substring(location.indexOf('?') + 1))
                                            .get("checksum", ""),
                                    "join",
                                    query,
                                    java.util.List.of(server.secret()),
                                    Set.of(Checksum.Algorithm.SHA256)))
                    .isTrue();
        }
    }

    @Test
    void aJoinAsksNeitherAServerNorTheDatabase() throws Exception {
        try (var cluster = Cluster.of(2).start()) {
            cluster.api().create("room");
            long before = cluster.calls();
            for (int i = 0; i < 20; i++) {
                assertThat(cluster.api().join("room").location()).contains("/api/join?");
            }
            assertThat(cluster.calls()).isEqualTo(before);

            // With the table away, whoever asks the database fails: a join does not.
            try (var database = TestDatabase.connect(cluster.data());
                    var statement = database.createStatement()) {
                statement.execute("ALTER TABLE meetings RENAME TO hidden");
                assertThat(cluster.api().join("unknown").status()).isEqualTo(500);
                assertThat(cluster.api().join("room").location()).contains("/api/join?");
                statement.execute("ALTER TABLE hidden RENAME TO meetings");
            }
        }
    }

    @Test
    void withoutRedirectTheServersAnswerIsPassedOn() {
        try (var cluster = Cluster.of(2).start()) {
            cluster.api().create("room");
            var server = cluster.server(cluster.only("room"));
            long before = server.control().calls("join");
            var reply =
                    cluster.api()
                            .call(
                                    "join",
                                    "fullName",
                                    "Ada",
                                    "meetingID",
                                    "room",
                                    "role",
                                    "VIEWER",
                                    "redirect",
                                    "false");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.key()).isEqualTo("successfullyJoined");
            assertThat(reply.text("session_token")).isNotEmpty();
            assertThat(reply.text("meeting_id")).isEqualTo(cluster.meeting("room").internalId());
            assertThat(server.control().calls("join")).isEqualTo(before + 1);
        }
    }

    @Test
    void anUnknownMeetingSendsTheBrowserBackWithTheError() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            assertThat(api.join("none").location()).isEqualTo(api.base() + "?" + ENDED);
            assertThat(back(api, "logoutURL", "https://lms.example/x?a=1"))
                    .isEqualTo("https://lms.example/x?a=1&" + ENDED);
            assertThat(back(api, "errorRedirectUrl", "https://lms.example/err"))
                    .isEqualTo("https://lms.example/err?" + ENDED);
            // BBB: also with redirect=false
            assertThat(back(api, "redirect", "false")).isEqualTo(api.base() + "?" + ENDED);
            assertThat(api.raw("join", "fullName=&meetingID=none").location())
                    .contains("missingParamFullName");
            assertThat(cluster.calls("join")).isZero();
        }
    }

    private static String back(Frontend api, String name, String value) {
        var reply =
                api.call(
                        "join",
                        "fullName",
                        "Ada",
                        "meetingID",
                        "none",
                        "role",
                        "VIEWER",
                        name,
                        value);
        assertThat(reply.status()).isEqualTo(302);
        return reply.location();
    }

    @Test
    void aJoinDuringTheCreateWaitsForIt() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            cluster.server(0).faults().add(FaultRule.parse("create=delay:400ms*1"));
            var create = Together.begin(() -> api.create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            var joins = Together.all(20, _ -> api.join("room"));
            assertThat(joins).allMatch(join -> join.location().contains("/api/join?"));
            assertThat(Together.result(create).succeeded()).isTrue();
        }
    }

    @Test
    void aJoinDuringACreateThatFailsIsToldThereIsNoMeeting() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            cluster.server(0).faults().add(FaultRule.parse("create=delay:1s"));
            cluster.server(0).faults().add(FaultRule.parse("create=refuse"));
            var create = Together.begin(() -> api.create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            assertThat(api.join("room").location()).endsWith(ENDED);
            assertThat(Together.result(create).succeeded()).isFalse();
        }
    }

    @Test
    void aServerThatIsOfflineIsToldClearly() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("room");
            cluster.server(0).goDown();
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("unstable");
            assertThat(api.join("room").location()).contains("/api/join?");
            cluster.poll(0);
            cluster.poll(0);
            assertThat(api.join("room").location()).contains("serverUnavailable");
            assertThat(api.info("room").key()).as("a create would open it").isEqualTo("notFound");
            assertThat(api.create("room").text("message")).contains("any available servers");
            assertThat(cluster.registered("room")).isPresent();

            cluster.server(0).comeUp();
            cluster.poll(0);
            cluster.poll(0);
            assertThat(api.join("room").location()).contains("/api/join?");
            assertThat(api.create("room").key()).isEqualTo("duplicateWarning");
        }
    }
}
