// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;

@Timeout(30)
final class CreateTest {

    @Test
    void twoHundredCreatesOfOneMeetingMakeOneMeetingAndTwoHundredEqualAnswers() {
        try (var cluster = Cluster.of(10).start()) {
            // So that all have arrived before one is answered.
            for (var server : cluster.servers()) {
                server.faults().add(FaultRule.parse("create=delay:1s"));
            }
            var api = cluster.api();
            var replies = Together.all(200, _ -> api.create("room"));
            assertThat(replies).allMatch(Frontend.Reply::succeeded);
            for (String same :
                    List.of("internalMeetingID", "createTime", "voiceBridge", "meetingID")) {
                assertThat(replies.stream().map(reply -> reply.text(same)).distinct())
                        .as(same)
                        .hasSize(1);
            }
            assertThat(replies).filteredOn(reply -> reply.key().isEmpty()).hasSize(1);
            assertThat(replies)
                    .filteredOn(reply -> reply.key().equals("duplicateWarning"))
                    .hasSize(199);
            assertThat(cluster.running("room")).hasSize(1);
            assertThat(cluster.calls("create")).as("calls that reached a server").isLessThan(20);
        }
    }

    @Test
    void twoHundredCreatesOfTwoHundredMeetingsAllSucceedOnce() {
        try (var cluster = Cluster.of(10).start()) {
            var api = cluster.api();
            var replies = Together.all(200, i -> api.create("room-" + i));
            assertThat(replies).allMatch(reply -> reply.succeeded() && reply.key().isEmpty());
            assertThat(cluster.spread()).allMatch(meetings -> meetings >= 18 && meetings <= 22);
            assertThat(cluster.calls("create")).isEqualTo(200);
            assertThat(new HashSet<>(api.list().meetingIds())).hasSize(200);
        }
    }

    @Test
    void aSecondCreateIsToldOfTheFirst() {
        try (var cluster = Cluster.of(3).start()) {
            var first = cluster.api().create("room", "attendeePW", "ap", "moderatorPW", "mp");
            var second = cluster.api().create("room", "attendeePW", "ap", "moderatorPW", "mp");
            assertThat(first.key()).isEmpty();
            assertThat(second.succeeded()).isTrue();
            assertThat(second.key()).isEqualTo("duplicateWarning");
            for (String same : List.of("internalMeetingID", "createTime", "attendeePW")) {
                assertThat(second.text(same)).isEqualTo(first.text(same));
            }
            assertThat(cluster.registered("room").orElseThrow().internalId())
                    .isEqualTo(first.text("internalMeetingID"));
        }
    }

    @Test
    void parametersReachTheServerInTheEncodingTheyCameIn() {
        try (var cluster = Cluster.of(2).start()) {
            String query =
                    "name=Caf%c3%a9+%F0%9F%98%80%20B&meetingID=room&welcome=a%2Bb&meta_x=1&meta_x=2&logo=";
            assertThat(cluster.api().raw("create", query).succeeded()).isTrue();
            var arrived = cluster.meeting("room").params().without("checksum");
            assertThat(arrived.without("logoutURL").query()).isEqualTo(query);
            assertThat(cluster.meeting("room").name()).isEqualTo("Café 😀 B");
            assertThat(cluster.sql("SELECT params FROM meetings")).isEqualTo(query);
        }
    }

    @Test
    void slidesReachTheServerAndAreRemembered() {
        try (var cluster = Cluster.of(2).start()) {
            String slides =
                    Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8));
            String body =
                    "<?xml version='1.0' encoding='UTF-8'?><modules><module name='presentation'><document name='a.txt'>"
                            + slides
                            + "</document></module></modules>";
            var reply =
                    cluster.api()
                            .post(
                                    "create",
                                    "name=Room&meetingID=room",
                                    "application/xml; charset=utf-8",
                                    body);
            assertThat(reply.succeeded()).as(reply.body()).isTrue();
            assertThat(cluster.meeting("room").documents()).containsExactly("a.txt");
            assertThat(cluster.sql("SELECT body FROM meetings")).isEqualTo(body);
            assertThat(cluster.sql("SELECT body_type FROM meetings"))
                    .isEqualTo("application/xml; charset=utf-8");
        }
    }

    @Test
    void aFormReachesTheServerAsAForm() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            String form = "name=Caf%c3%a9&meetingID=room&welcome=%20+";
            var reply = api.post("create", "", "application/x-www-form-urlencoded", form);
            assertThat(reply.succeeded()).as(reply.body()).isTrue();
            assertThat(cluster.meeting("room").name()).isEqualTo("Café");
            assertThat(cluster.sql("SELECT body FROM meetings")).isEqualTo(form);
            assertThat(api.join("room").status()).isEqualTo(302);
        }
    }

    @Test
    void whatTheServerRefusesIsPassedOnWordForWordAndLeavesNothingBehind() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("room", "attendeePW", "one", "moderatorPW", "two", "voiceBridge", "70000");
            assertSame(
                    cluster, "name=Room&meetingID=room&attendeePW=three&moderatorPW=four", "room");
            assertSame(cluster, "name=Room&meetingID=other&voiceBridge=70000", "other");
            assertSame(cluster, "name=Room&meetingID=other&record=perhaps", "other");
            assertSame(cluster, "name=Room&meetingID=other&voiceBridge=x", "other");
            assertThat(cluster.sql("SELECT COUNT(*) FROM meetings")).isEqualTo("1");
            assertThat(cluster.health(0)).isEqualTo("online");
        }
    }

    /// The balancer's answer to a create is its server's own.
    private static void assertSame(Cluster cluster, String query, String id) {
        var server = cluster.server(0);
        var direct = new Frontend("http://127.0.0.1:" + server.port(), server.secret());
        var theirs = direct.raw("create", query);
        assertThat(theirs.text("returncode")).isEqualTo("FAILED");
        assertThat(cluster.api().raw("create", query)).isEqualTo(theirs);
        if (!id.equals("room")) {
            assertThat(cluster.registered(id)).isEmpty();
        }
    }

    @Test
    void aRefusalIsNoReasonToTryAnotherServer() {
        try (var cluster = Cluster.of(3).start()) {
            cluster.servers()
                    .forEach(
                            s -> s.faults().add(FaultRule.parse("create=refuse:tooBusy:Not now.")));
            var reply = cluster.api().create("room");
            assertThat(reply.key()).isEqualTo("tooBusy");
            assertThat(reply.text("message")).isEqualTo("Not now.");
            assertThat(cluster.calls("create")).isEqualTo(1);
            assertThat(cluster.registered()).isEmpty();
        }
    }

    @Test
    void aPercentSignThatMeansItselfIsNoReasonToFail() {
        try (var cluster = Cluster.of(1).start()) {
            // A frontend may sign such an address; java.net.URI would refuse to send it.
            var reply = RawHttp.get(cluster.api(), "create", "name=100%&meetingID=room");
            assertThat(reply).contains("SUCCESS");
            assertThat(cluster.meeting("room").name()).isEqualTo("100%");
        }
    }
}
