// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Receiver;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/// What bbb-webhooks brings to its receivers.
@Timeout(20)
class SimulatorHookDeliveriesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Secret SECRET = new Secret("s3cret");
    private static final List<Integer> RETRIES =
            List.of(
                    100, 500, 1000, 2000, 4000, 8000, 10_000, 30_000, 60_000, 60_000, 60_000,
                    60_000);

    private final TestClock clock = TestClock.standing();
    private final Receiver receiver = Receiver.start();
    private SimulatedServer server = start(WebhookSettings.standard());

    private SimulatedServer start(WebhookSettings webhooks) {
        return SimulatedServer.start(
                SimulatorSettings.standard(SECRET).withWebhooks(webhooks), clock, new Random(1));
    }

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    private Target target() {
        return new Target(server.api(), SECRET);
    }

    private Control control() {
        return server.control();
    }

    private void hook(String path, String params) {
        assertThat(
                        target().get(
                                        "hooks/create",
                                        "callbackURL="
                                                + Params.encode(receiver.url() + path)
                                                + params)
                                .text("returncode"))
                .isEqualTo("SUCCESS");
    }

    private void create(String id) {
        assertThat(
                        target().get("create", "record=true&name=Room&meetingID=" + id)
                                .text("returncode"))
                .isEqualTo("SUCCESS");
    }

    private void pass(Duration time) {
        clock.advance(time);
        server.tick();
    }

    private static JsonNode event(Receiver.Message message) {
        return JSON.readTree(message.form().get("event", "")).path(0);
    }

    private static String id(Receiver.Message message) {
        return event(message).path("data").path("id").asString();
    }

    private List<String> ids(int count) {
        return receiver.awaitMessages(count).stream().map(SimulatorHookDeliveriesTest::id).toList();
    }

    private void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 5_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private HookSnapshot only() {
        return control().hooks().getFirst();
    }

    @Test
    void the_life_of_a_meeting_is_told_in_order() {
        hook("/h", "");
        create("room");
        control().connect("room", People.moderators(1));
        control().startRecording("room");
        control().stopRecording("room");
        control().connect("room", People.viewers(1));
        control().leave("room", 1);
        pass(Duration.ofSeconds(21));
        control().endMeeting("room");
        assertThat(ids(21))
                .startsWith(
                        "meeting-created",
                        "user-joined",
                        "meeting-recording-started",
                        "meeting-recording-stopped",
                        "user-joined",
                        "user-left",
                        "user-left",
                        "rap-archive-started",
                        "rap-archive-ended")
                .endsWith("rap-post-publish-ended");
        pass(Duration.ofMillis(2499));
        await(() -> only().waiting() == 0);
        pass(Duration.ofMillis(1));
        assertThat(ids(22)).endsWith("meeting-ended");
    }

    @Test
    void a_delivery_is_a_signed_form() {
        hook("/h?x=1", "");
        create("room");
        var message = receiver.awaitMessages(1).getFirst();
        assertThat(message.method()).isEqualTo("POST");
        assertThat(message.header("Content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(message.uri())
                .isEqualTo(
                        "/h?x=1&checksum="
                                + Checksum.of(
                                        Algorithm.SHA1,
                                        receiver.url() + "/h?x=1",
                                        message.body(),
                                        SECRET));
        assertThat(message.body())
                .matches("domain=127\\.0\\.0\\.1&event=%5B%7B[^&]*&timestamp=1772546709112");
        var meeting = event(message).path("data").path("attributes").path("meeting");
        assertThat(meeting.path("external-meeting-id").asString()).isEqualTo("room");
        assertThat(meeting.path("name").asString()).isEqualTo("Room");
        assertThat(meeting.path("record").asBoolean()).isTrue();
        assertThat(meeting.path("create-time").asLong()).isEqualTo(1_772_546_709_112L);
    }

    @Test
    void an_event_has_the_fields_of_a_real_one() {
        hook("/h", "&eventID=USER-JOINED");
        create("maths-101");
        var joined =
                target().get(
                                "join",
                                "redirect=false&meetingID=maths-101&role=MODERATOR&userID=staff-17&fullName=Ada+Lindqvist");
        Target.send(
                HttpRequest.newBuilder(
                        server.api()
                                .resolve(
                                        "/html5client/?"
                                                + URI.create(joined.text("url")).getQuery())));
        var told = (ObjectNode) event(receiver.awaitMessages(1).getFirst());
        var sample = JSON.readTree(Samples.text("39-webhook-event.json")).path(0);
        assertThat(names(told)).isEqualTo(names(sample));
        assertThat(told.at("/data/attributes/user/name"))
                .isEqualTo(sample.at("/data/attributes/user/name"));
        assertThat(told.at("/data/attributes/user/external-user-id"))
                .isEqualTo(sample.at("/data/attributes/user/external-user-id"));
    }

    private static String names(JsonNode node) {
        var names = new StringBuilder();
        for (var entry : node.properties()) {
            names.append(entry.getKey()).append('{').append(names(entry.getValue())).append('}');
        }
        return names.toString();
    }

    @Test
    void a_bearer_may_stand_for_the_checksum() {
        server.close();
        server = start(WebhookSettings.standard().withProof(WebhookSettings.Proof.BEARER));
        hook("/h", "");
        create("room");
        var message = receiver.awaitMessages(1).getFirst();
        assertThat(message.uri()).isEqualTo("/h");
        assertThat(message.header("Authorization")).isEqualTo("Bearer s3cret");
    }

    @Test
    void another_digest_may_be_set() {
        server.close();
        server = start(WebhookSettings.standard().withAlgorithm(Algorithm.SHA256));
        hook("/h", "");
        create("room");
        assertThat(receiver.await(1).getFirst()).matches("/h\\?checksum=[0-9a-f]{64}");
    }

    @Test
    void hooks_hear_only_what_they_asked_for() {
        hook("/all", "&eventID=meeting-created");
        hook("/a", "&meetingID=aa&eventID=meeting-created");
        hook("/raw", "&getRaw=true");
        create("aa");
        create("bb");
        await(() -> receiver.messages().size() == 5);
        assertThat(receiver.messages())
                .extracting(message -> message.uri().replaceAll("\\?.*", ""))
                .containsExactlyInAnyOrder("/all", "/all", "/a", "/raw", "/raw");
        assertThat(receiver.messages())
                .filteredOn(message -> message.uri().startsWith("/raw"))
                .extracting(message -> event(message).at("/envelope/name").asString())
                .containsOnly("MeetingCreatedEvtMsg");
    }

    @Test
    void a_failure_holds_the_queue_until_it_is_time() {
        hook("/h", "");
        receiver.failNext(2);
        create("aa");
        create("bb");
        await(() -> only().failures() == 1);
        pass(Duration.ofMillis(99));
        assertThat(receiver.messages()).hasSize(1);
        pass(Duration.ofMillis(1));
        await(() -> only().failures() == 2);
        assertThat(only().waiting()).isEqualTo(2);
        pass(Duration.ofMillis(500));
        await(() -> only().waiting() == 0);
        var messages = receiver.awaitMessages(4);
        assertThat(messages)
                .extracting(message ->
                        event(message)
                                .at("/data/attributes/meeting/external-meeting-id")
                                .asString())
                .containsExactly("aa", "aa", "aa", "bb");
        assertThat(messages)
                .extracting(message -> message.form().get("timestamp", ""))
                .startsWith("1772546709112", "1772546709112", "1772546709112");
    }

    @Test
    void a_hook_is_given_up_after_twelve_retries() {
        hook("/h", "");
        receiver.failNext(99);
        create("room");
        for (int i = 0; i < RETRIES.size(); i++) {
            int failures = i + 1;
            await(() -> only().failures() == failures && only().due().isPresent());
            assertThat(only().due())
                    .contains(clock.instant().plus(Duration.ofMillis(RETRIES.get(i))));
            pass(Duration.ofMillis(RETRIES.get(i)));
        }
        await(() -> control().hooks().isEmpty());
        assertThat(receiver.messages()).hasSize(13);
    }

    @Test
    void who_does_not_know_the_hook_has_received_the_event() {
        hook("/h", "");
        receiver.failNext(1, 401);
        create("aa");
        create("bb");
        assertThat(ids(2)).hasSize(2);
        await(() -> only().waiting() == 0);
    }

    @Test
    void a_hook_of_a_meeting_goes_with_it_but_says_its_last() {
        hook("/h", "&meetingID=room&eventID=meeting-ended");
        hook("/other", "&meetingID=other");
        create("room");
        control().endMeeting("room");
        receiver.failNext(1);
        pass(Duration.ofMillis(2500));
        assertThat(control().hooks()).hasSize(1);
        receiver.awaitMessages(1);
        receiver.awaitWhile(() -> pass(Duration.ofMillis(100)), 2);
        assertThat(ids(2)).containsExactly("meeting-ended", "meeting-ended");
    }

    @Test
    void lost_hooks_say_nothing_more() {
        hook("/h", "");
        receiver.failNext(1);
        create("room");
        await(() -> only().failures() == 1);
        control().loseHooks();
        pass(Duration.ofMinutes(10));
        assertThat(control().hooks()).isEmpty();
        assertThat(receiver.messages()).hasSize(1);
    }

    @Test
    void changes_of_recordings_are_told() {
        control().addRecording(SimulatorRecordingXmlTest.maths());
        hook("/h", "");
        String id = "recordID=" + SimulatorRecordingXmlTest.maths().recordId();
        target().get("publishRecordings", id + "&publish=true");
        target().get("publishRecordings", id + "&publish=false");
        target().get("publishRecordings", id + "&publish=true");
        target().get("deleteRecordings", id);
        assertThat(ids(3)).containsExactly("rap-unpublished", "rap-published", "rap-deleted");
        var attributes = event(receiver.messages().getFirst()).at("/data/attributes");
        assertThat("recordID=" + attributes.path("record-id").asString()).isEqualTo(id);
    }

    @Test
    void a_silent_receiver_holds_up_nobody_else() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/x";
            target().get("hooks/create", "callbackURL=" + Params.encode(url));
            hook("/h", "");
            create("aa");
            create("bb");
            assertThat(ids(2)).containsExactly("meeting-created", "meeting-created");
            assertThat(only().waiting()).isEqualTo(2);
        }
    }
}
