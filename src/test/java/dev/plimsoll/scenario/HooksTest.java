// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.HookSnapshot;
import dev.plimsoll.simulator.People;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.WebhookSettings.Presence;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Receiver;
import dev.plimsoll.testing.Receiver.Message;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Webhooks of the whole pool, from simulated servers to a frontend's receiver, over real sockets.
@Timeout(60)
class HooksTest {

    private static final Duration ENDED = Duration.ofSeconds(3);

    @Test
    void theEventsOfAllServersArriveOnceAndInOrderSignedWithTheTenantsSecret() {
        try (var cluster = Cluster.of(3).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url() + "/in?x=1");
            awaitRegistered(cluster, 0, 1, 2);
            var rooms = IntStream.range(0, 9).mapToObj(i -> "room-" + i).toList();
            for (String room : rooms) {
                meet(cluster, room);
            }
            assertThat(cluster.spread()).doesNotContain(0);
            var messages = receiver.awaitMessages(18);
            for (String room : rooms) {
                assertThat(about(messages, room)).containsExactly("meeting-created", "user-joined");
            }
            messages.forEach(message -> expectSigned(message, cluster.api().secret(), receiver));
            assertThat(receiver.messages()).hasSize(18);
        }
    }

    @Test
    void aMessageHasTheFieldsOfAServerInTheirOrder() {
        try (var cluster =
                        Cluster.of(1)
                                .with("public-url", "http://localhost:1")
                                .with("hooks.checksum", "sha256")
                                .start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url() + "/in");
            awaitRegistered(cluster, 0);
            String form = event("room", "user-joined", 1_772_546_731_402L);
            assertThat(tell(cluster, 0, form).status())
                    .isEqualTo(401); // signed for another address
            String url = address(cluster, 0);
            assertThat(url).startsWith("http://localhost:1/hooks/in/");
            assertThat(post(cluster, url, form, secret(cluster, 0)).status()).isEqualTo(200);
            var message = receiver.awaitMessages(1).getFirst();
            assertThat(message.body())
                    .matches("domain=localhost&event=%5B%7B.*%7D%5D&timestamp=1772546731402");
            assertThat(message.header("Content-type"))
                    .isEqualTo("application/x-www-form-urlencoded");
            assertThat(message.uri()).matches("/in\\?checksum=[0-9a-f]{64}");
            assertThat(message.form().get("event", ""))
                    .isEqualTo(Params.parse(form).get("event", ""));
        }
    }

    @Test
    void onlyTheEventsAskedForArrive() {
        try (var cluster = Cluster.of(2).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url(), "eventID", "USER-joined, meeting-ended");
            awaitRegistered(cluster, 0, 1);
            meet(cluster, "room-1");
            meet(cluster, "room-2");
            assertThat(receiver.awaitMessages(2))
                    .extracting(HooksTest::id)
                    .containsOnly("user-joined");
        }
    }

    @Test
    void whoWantsRawMessagesGetsThemBesideThoseWhoDoNot() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start();
                var raw = Receiver.start()) {
            hook(cluster, receiver.url());
            hook(cluster, raw.url(), "getRaw", "true");
            Together.until(
                    "both kinds are registered",
                    () -> cluster.server(0).control().hooks().size() == 2);
            meet(cluster, "room");
            receiver.await(2);
            assertThat(raw.awaitMessages(2))
                    .extracting(message -> json(message).path("envelope").path("name").asString())
                    .containsExactly("MeetingCreatedEvtMsg", "UserJoinedMeetingEvtMsg");
        }
    }

    @Test
    void rawMessagesOfOneMeetingComeToTheHooksOfThatMeeting() {
        try (var cluster = Cluster.of(1).start();
                var all = Receiver.start();
                var one = Receiver.start()) {
            hook(cluster, all.url(), "getRaw", "true");
            hook(cluster, one.url(), "getRaw", "true", "meetingID", "room-1");
            awaitRegistered(cluster, 0);
            meet(cluster, "room-1");
            meet(cluster, "room-2");
            all.await(4);
            cluster.api().end("room-1");
            cluster.api().end("room-2");
            pass(cluster, ENDED);
            one.awaitWhile(() -> pass(cluster, Duration.ZERO), 4);
            assertThat(one.messages())
                    .extracting(message -> json(message).path("envelope").path("name").asString())
                    .containsExactly(
                            "MeetingCreatedEvtMsg",
                            "UserJoinedMeetingEvtMsg",
                            "UserLeftMeetingEvtMsg",
                            "MeetingDestroyedEvtMsg");
        }
    }

    @Test
    void aReceiverThatIsDownDoesNotDelayOthers() {
        try (var cluster = Cluster.of(1).start();
                var down = Receiver.start();
                var up = Receiver.start()) {
            down.failNext(1000);
            hook(cluster, down.url());
            hook(cluster, up.url());
            awaitRegistered(cluster, 0);
            meet(cluster, "room");
            up.await(2);
        }
    }

    @Test
    void anEventThatAServerTellsAgainArrivesOnce() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            for (int i = 0; i < 3; i++) {
                assertThat(tell(cluster, 0, event("room", "user-joined", 7)).status())
                        .isEqualTo(200);
            }
            tell(cluster, 0, event("room", "user-left", 8));
            receiver.await(2);
            assertThat(receiver.messages())
                    .extracting(HooksTest::id)
                    .containsExactly("user-joined", "user-left");
        }
    }

    @Test
    void aHookForOneMeetingStandsOnItsServerOnlyAndGoesWithTheMeeting() {
        try (var cluster = Cluster.of(2).start();
                var receiver = Receiver.start()) {
            cluster.api().create("room-1");
            cluster.api().create("room-2");
            int home = cluster.only("room-1");
            hook(cluster, receiver.url(), "meetingID", "room-1");
            awaitRegistered(cluster, home);
            assertThat(cluster.server(1 - home).control().hooks()).isEmpty();
            cluster.server(home).control().connect("room-1", People.viewers(1));
            cluster.server(1 - home).control().connect("room-2", People.viewers(1));
            assertThat(list(cluster)).hasSize(1);
            receiver.await(1);
            cluster.api().end("room-1");
            pass(cluster, ENDED); // once: a hook waits a minute for last words, by the same clock
            receiver.awaitWhile(() -> pass(cluster, Duration.ZERO), 3);
            assertThat(about(receiver.messages(), "room-1"))
                    .startsWith("user-joined")
                    .contains("meeting-ended");
            assertThat(about(receiver.messages(), "room-2")).isEmpty();
            Together.until("the hook has gone", () -> list(cluster).isEmpty());
            Together.until(
                    "nothing of it is left", () -> cluster.sql("SELECT id FROM hooks").isEmpty());
        }
    }

    @Test
    void aHookMadeBeforeItsMeetingHearsOfItsBeginningAndThenStandsOnItsServerOnly() {
        try (var cluster = Cluster.of(3).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url(), "meetingID", "room");
            cluster.api().create("room");
            cluster.api().create("other");
            int home = cluster.only("room");
            cluster.server(home).control().connect("room", People.viewers(1));
            receiver.await(2);
            Together.until("it stands there", () -> registered(cluster, home).contains("room"));
            cluster.clock().advance(Duration.ofSeconds(61));
            Together.until(
                    "it stands there alone",
                    () ->
                            IntStream.range(0, 3)
                                    .mapToObj(i -> registered(cluster, i))
                                    .flatMap(List::stream)
                                    .toList()
                                    .equals(List.of("room")));
            cluster.server(home).control().connect("room", People.viewers(1));
            receiver.await(3);
            assertThat(about(receiver.messages(), "room"))
                    .containsExactly("meeting-created", "user-joined", "user-joined");
            assertThat(receiver.messages()).hasSize(3);
        }
    }

    @Test
    void aHookIsToldOfTheBeginningWhereverItsMeetingWasMovedTo() {
        try (var cluster = Cluster.of(2).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url(), "meetingID", "room");
            cluster.server(0).faults().add(FaultRule.parse("create=status:500"));
            for (String room : List.of("filler-1", "room", "filler-2")) {
                assertThat(cluster.api().create(room).succeeded()).isTrue();
            }
            receiver.await(1);
            assertThat(about(receiver.messages(), "room")).containsExactly("meeting-created");
        }
    }

    private static List<String> registered(Cluster cluster, int server) {
        return cluster.server(server).control().hooks().stream()
                .map(hook -> hook.meetingId().orElse(""))
                .toList();
    }

    @Test
    void whoCreatesAMeetingRightAfterTheHookHearsOfIt() {
        try (var cluster = Cluster.of(4).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            cluster.api().create("room");
            assertThat(receiver.awaitMessages(1))
                    .extracting(HooksTest::id)
                    .containsExactly("meeting-created");
        }
    }

    @Test
    void aServerAddedLaterTellsToo() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            int added = cluster.add(null);
            awaitRegistered(cluster, added);
        }
    }

    @Test
    void aServerThatLostItsHooksGetsThemAgain() {
        try (var cluster = Cluster.of(2).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0, 1);
            cluster.server(1).control().loseHooks();
            cluster.clock().advance(Duration.ofSeconds(31));
            awaitRegistered(cluster, 1);
            assertThat(cluster.server(0).control().calls("hooks/create")).isOne();
        }
    }

    @Test
    void hooksThatNobodyWantsAnyMoreAreTakenAwayAndOthersAreLeft() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            var theirs =
                    target(cluster, 0).get("hooks/create", "callbackURL=http%3A%2F%2Fx.example");
            assertThat(theirs.text("returncode")).isEqualTo("SUCCESS");
            String id = hook(cluster, receiver.url());
            Together.until("ours is there", () -> cluster.server(0).control().hooks().size() == 2);
            assertThat(cluster.api().call("hooks/destroy", "hookID", id).text("removed"))
                    .isEqualTo("true");
            Together.until("ours has gone", () -> cluster.server(0).control().hooks().size() == 1);
            assertThat(cluster.server(0).control().hooks().getFirst().callbackUrl())
                    .isEqualTo("http://x.example");
        }
    }

    @Test
    void aServerWithoutWebhooksIsNotedAndAskedRarely() {
        try (var cluster = Cluster.of(2).start();
                var receiver = Receiver.start()) {
            cluster.server(0).control().setWebhooks(Presence.ABSENT);
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 1);
            Together.until(
                    "it was asked", () -> cluster.server(0).control().calls("hooks/list") == 1);
            cluster.clock().advance(Duration.ofSeconds(40));
            Together.until(
                    "the other was looked at",
                    () -> cluster.server(1).control().calls("hooks/list") == 2);
            assertThat(cluster.server(0).control().calls("hooks/list")).isOne();
            cluster.server(0).control().setWebhooks(Presence.INSTALLED);
            cluster.clock().advance(Duration.ofMinutes(11));
            awaitRegistered(cluster, 0);
        }
    }

    @Test
    void aServerThatHangsDelaysNoOther() {
        try (var cluster = Cluster.of(3).start();
                var receiver = Receiver.start()) {
            cluster.server(1).faults().add(FaultRule.parse("hang"));
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0, 2);
        }
    }

    @Test
    void aReceiverThatWasDownGetsAllInOrder() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            receiver.failNext(5);
            var ids = List.of("user-joined", "user-cam-broadcast-start", "user-left");
            for (int i = 0; i < 3; i++) {
                tell(cluster, 0, event("room", ids.get(i), i));
            }
            receiver.awaitWhile(() -> cluster.clock().advance(Duration.ofSeconds(1)), 8);
            var got = receiver.messages().stream().map(HooksTest::id).toList();
            assertThat(got.subList(0, 6)).containsOnly("user-joined");
            assertThat(got.subList(6, 8)).isEqualTo(ids.subList(1, 3));
            assertThat(receiver.messages().getFirst().body())
                    .isEqualTo(receiver.messages().get(5).body());
        }
    }

    @Test
    void noTryComesBeforeItsTime() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            receiver.failNext(1000);
            tell(cluster, 0, event("room", "user-joined", 1));
            // 0.1 + 0.5 + 1 + 2 + 4 + 8 s: the seventh try; the next is 10 s later
            receiver.awaitWhile(() -> nudgeUntil(cluster, receiver, 7), 7);
            tell(cluster, 0, event("room", "user-left", 2));
            Together.until(
                    "the failure is noted",
                    () -> cluster.sql("SELECT failures FROM hooks").equals("7"));
            assertThat(receiver.messages()).hasSize(7);
            cluster.clock().advance(Duration.ofSeconds(11));
            receiver.await(8);
        }
    }

    private static void nudgeUntil(Cluster cluster, Receiver receiver, int count) {
        if (receiver.messages().size() < count) {
            cluster.clock().advance(Duration.ofMillis(900));
        }
    }

    @Test
    void aReceiverThatStaysDownLosesItsHook() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            receiver.failNext(1000);
            tell(cluster, 0, event("room", "user-joined", 1));
            receiver.awaitWhile(() -> cluster.clock().advance(Duration.ofSeconds(61)), 13);
            Together.until("the hook has gone", () -> list(cluster).isEmpty());
            assertThat(cluster.sql("SELECT COUNT(*) FROM deliveries")).isEqualTo("0");
            assertThat(receiver.messages()).hasSize(13);
            Together.until(
                    "it is taken from the server",
                    () -> cluster.server(0).control().hooks().isEmpty());
        }
    }

    @Test
    void aReceiverThatDoesNotKnowTheHookHasTakenTheEvent() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            receiver.failNext(1, 401);
            tell(cluster, 0, event("room", "user-joined", 1));
            tell(cluster, 0, event("room", "user-left", 2));
            assertThat(receiver.awaitMessages(2))
                    .extracting(HooksTest::id)
                    .containsExactly("user-joined", "user-left");
        }
    }

    @Test
    void aRestartInTheMiddleLosesNothing() {
        try (var cluster = Cluster.of(2).with("http.port", freePort()).start();
                var receiver = Receiver.start()) {
            String id = hook(cluster, receiver.url());
            awaitRegistered(cluster, 0, 1);
            receiver.failNext(2);
            for (int i = 0; i < 5; i++) {
                tell(cluster, i % 2, event("room-" + i % 2, "user-joined", i));
            }
            receiver.await(1);
            cluster.stop();
            cluster.start();
            receiver.awaitWhile(() -> cluster.clock().advance(Duration.ofSeconds(1)), 7);
            var taken = receiver.messages().subList(2, 7);
            assertThat(about(taken, "room-0")).hasSize(3);
            assertThat(about(taken, "room-1")).hasSize(2);
            assertThat(taken.stream().map(message -> message.form().get("timestamp", "")))
                    .isSorted();
            assertThat(list(cluster)).containsExactly(id);
            cluster.awaitOnline();
            assertThat(cluster.server(0).control().hooks()).hasSize(1);
            meet(cluster, "later");
            receiver.await(9);
            int home = cluster.only("later");
            cluster.stop();
            cluster.server(home).control().connect("later", People.viewers(1));
            cluster.start();
            receiver.awaitWhile(() -> pass(cluster, Duration.ofMillis(100)), 10);
            assertThat(about(receiver.messages(), "later"))
                    .containsExactly("meeting-created", "user-joined", "user-joined");
        }
    }

    @Test
    void forgedEventsAreRefused() {
        try (var cluster = Cluster.of(2).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0, 1);
            String form = event("room", "user-joined", 1);
            String url = address(cluster, 0);
            assertThat(send(url, form, "").status()).isEqualTo(401);
            assertThat(send(url + "?checksum=" + "0".repeat(40), form, "").status()).isEqualTo(401);
            assertThat(send(url, form, "Bearer guess").status()).isEqualTo(401);
            assertThat(post(cluster, url, form, secret(cluster, 1)).status()).isEqualTo(401);
            assertThat(post(cluster, url, form, cluster.api().secret()).status()).isEqualTo(401);
            String other = url.replaceFirst("/in/[0-9a-f]+", "/in/" + "0".repeat(48));
            assertThat(post(cluster, other, form, secret(cluster, 0)).status()).isEqualTo(404);
            assertThat(post(cluster, url, "event=nonsense", secret(cluster, 0)).status())
                    .isEqualTo(400);
            assertThat(cluster.sql("SELECT COUNT(*) FROM seen_events")).isEqualTo("0");
        }
    }

    @Test
    void aServerMayProveItselfWithItsSecretOrAnyDigest() {
        try (var cluster = Cluster.of(1).start();
                var receiver = Receiver.start()) {
            hook(cluster, receiver.url());
            awaitRegistered(cluster, 0);
            String url = address(cluster, 0);
            var secret = secret(cluster, 0);
            var answer = send(url, event("r", "user-joined", 1), "Bearer " + secret.reveal());
            assertThat(answer.status()).isEqualTo(200);
            String form = event("r", "user-left", 2);
            String checksum = Checksum.of(Algorithm.SHA512, url, form, secret);
            assertThat(send(url + "?checksum=" + checksum, form, "").status()).isEqualTo(200);
            receiver.await(2);
        }
    }

    @Test
    void theErrorsAreThoseOfAServer() {
        try (var cluster = Cluster.of(1).with("hooks.max", "1").start()) {
            var api = cluster.api();
            assertThat(api.call("hooks/create").body())
                    .isEqualTo(
                            "<response><returncode>FAILED</returncode><messageKey>missingParamCallbackURL</messageKey>"
                                    + "<message>You must specify a callbackURL in the parameters.</message></response>");
            assertThat(api.call("hooks/destroy").key()).isEqualTo("missingParamHookID");
            var target = new Target(URI.create(api.base() + "/bigbluebutton/api/"), api.secret());
            assertThat(target.raw("hooks/ping", "").body()).isEqualTo("bbb-webhooks API up!");
            var unsigned = target.raw("hooks/list", "checksum=" + "0".repeat(40));
            assertThat(unsigned.text("messageKey")).isEqualTo("checksumError");
            assertThat(unsigned.text("message"))
                    .isEqualTo("You did not pass the checksum security check.");
            assertThat(api.call("hooks/create", "callbackURL", "ftp://x.example").key())
                    .isEqualTo("createHookError");
            assertThat(api.call("hooks/create", "callbackURL", "http://x", "getRaw", "1").key())
                    .isEqualTo("createHookError");
            hook(cluster, "http://127.0.0.1:9/a");
            assertThat(api.call("hooks/create", "callbackURL", "http://127.0.0.1:9/b").key())
                    .isEqualTo("createHookError");
            assertThat(api.call("hooks/create", "callbackURL", "http://127.0.0.1:9/a").key())
                    .isEqualTo("duplicateWarning");
        }
    }

    private static String hook(Cluster cluster, String url, String... more) {
        var params = Params.of("callbackURL", url).and(Params.of(more));
        var reply = cluster.api().raw("hooks/create", params.query());
        assertThat(reply.succeeded()).as(reply.body()).isTrue();
        return reply.text("hookID");
    }

    private static List<String> list(Cluster cluster) {
        return cluster
                .api()
                .call("hooks/list")
                .xml()
                .child("hooks")
                .orElseThrow()
                .children()
                .stream()
                .map(hook -> hook.textOf("hookID"))
                .toList();
    }

    private static void awaitRegistered(Cluster cluster, int... servers) {
        for (int server : servers) {
            Together.until(
                    "a hook is registered on server " + server,
                    () -> cluster.server(server).control().hooks().size() == 1);
        }
    }

    private static void meet(Cluster cluster, String room) {
        assertThat(cluster.api().create(room).succeeded()).isTrue();
        cluster.server(cluster.only(room)).control().connect(room, People.viewers(1));
    }

    private static void pass(Cluster cluster, Duration time) {
        cluster.clock().advance(time);
        cluster.servers().forEach(SimulatedServer::tick);
    }

    private static Target target(Cluster cluster, int server) {
        return new Target(cluster.server(server).api(), secret(cluster, server));
    }

    private static Secret secret(Cluster cluster, int server) {
        return cluster.server(server).secret();
    }

    private static String address(Cluster cluster, int server) {
        return cluster.server(server).control().hooks().stream()
                .map(HookSnapshot::callbackUrl)
                .findFirst()
                .orElseThrow();
    }

    /// Tells the balancer of an event as that server does.
    private static Target.Answer tell(Cluster cluster, int server, String form) {
        String path = URI.create(address(cluster, server)).getPath();
        return post(cluster, cluster.api().base() + path, form, secret(cluster, server));
    }

    /// Signed for that address, and sent to the balancer wherever it listens.
    private static Target.Answer post(Cluster cluster, String url, String form, Secret secret) {
        String checksum = Checksum.of(Algorithm.SHA1, url, form, secret);
        return send(
                cluster.api().base() + URI.create(url).getPath() + "?checksum=" + checksum,
                form,
                "");
    }

    private static Target.Answer send(String url, String form, String authorization) {
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form));
        return Target.send(
                authorization.isEmpty() ? request : request.header("Authorization", authorization));
    }

    private static String event(String room, String id, long time) {
        String json =
                """
                [{"data":{"type":"event","id":"%s","attributes":{"meeting":{"internal-meeting-id":"i-%s",\
                "external-meeting-id":"%s"}},"event":{"ts":%d}}}]\
                """
                        .formatted(id, room, room, time);
        return Params.of("domain", "bbb", "event", json, "timestamp", Long.toString(time)).query();
    }

    private static JsonNode json(Message message) {
        return JsonMapper.shared().readTree(message.form().get("event", "")).path(0);
    }

    private static String id(Message message) {
        return json(message).path("data").path("id").asString();
    }

    private static List<String> about(List<Message> messages, String room) {
        var ids = new ArrayList<String>();
        for (Message message : messages) {
            var meeting = json(message).path("data").path("attributes").path("meeting");
            if (meeting.path("external-meeting-id").asString().equals(room)) {
                ids.add(id(message));
            }
        }
        return ids;
    }

    private static void expectSigned(Message message, Secret secret, Receiver receiver) {
        int at = message.uri().lastIndexOf("checksum=");
        String url = receiver.url() + message.uri().substring(0, at - 1);
        assertThat(message.uri().substring(at + 9))
                .isEqualTo(Checksum.of(Algorithm.SHA1, url, message.body(), secret));
        assertThat(Stream.of(message.body().split("&")).map(field -> field.split("=")[0]))
                .containsExactly("domain", "event", "timestamp");
    }

    private static String freePort() {
        try (var socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
