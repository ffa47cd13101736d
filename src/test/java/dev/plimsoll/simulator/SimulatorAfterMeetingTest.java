// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.BbbConformance;
import dev.plimsoll.testing.Receiver;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Recordings that come of meetings, and who is told.
@Timeout(20)
class SimulatorAfterMeetingTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TestClock clock = TestClock.standing();
    private final Receiver receiver = Receiver.start();
    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("s3cret"))
                            .withRecordings(
                                    RecordingSettings.standard()
                                            .withProcessing(Duration.ofMinutes(3))
                                            .withFormats("presentation", "video")),
                    clock,
                    new Random(1));
    private final Target target = new Target(server.api(), server.secret());
    private final Control control = server.control();

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    private void create(String params) {
        assertThat(target.get("create", "name=Room&meetingID=room" + params).text("returncode"))
                .isEqualTo("SUCCESS");
    }

    private String url(String path) {
        return Params.encode(receiver.url() + path);
    }

    private void pass(Duration time) {
        clock.advance(time);
        server.tick();
    }

    @Test
    void a_recorded_meeting_with_people_leaves_a_recording() {
        create("&record=true&meta_topic=Sets");
        String id = control.meeting("room").orElseThrow().internalId();
        control.connect("room", People.viewers(3));
        clock.advance(Duration.ofMinutes(10));
        control.endMeeting("room");

        pass(Duration.ofSeconds(179));
        assertThat(control.recordings()).isEmpty();
        pass(Duration.ofSeconds(1));
        var recording = control.recording(id).orElseThrow();
        assertThat(recording.meetingId()).isEqualTo("room");
        assertThat(recording.participants()).isEqualTo(3);
        assertThat(recording.metadata()).containsEntry("topic", "Sets");
        assertThat(recording.formats())
                .extracting(PlaybackFormat::length)
                .containsOnly(Duration.ofMinutes(10));
        assertThat(
                        target.get("getRecordings", "meetingID=room")
                                .xml()
                                .child("recordings")
                                .orElseThrow()
                                .children())
                .hasSize(1);
    }

    @Test
    void without_the_wish_or_without_people_there_is_none() {
        create("");
        control.connect("room", People.viewers(1));
        control.endMeeting("room");
        create("&record=true");
        control.endMeeting("room");
        pass(Duration.ofMinutes(9));
        assertThat(control.recordings()).isEmpty();
    }

    @Test
    void the_slides_of_a_document_become_pictures() {
        String body =
                "<modules><module name=\"presentation\"><document url=\"https://x.example.org/sets.pdf\"/></module></modules>";
        target.post(
                "create",
                target.sign("create", "name=Room&meetingID=room&record=true"),
                "application/xml",
                body);
        control.connect("room", People.viewers(1));
        control.endMeeting("room");
        pass(Duration.ofMinutes(9));
        assertThat(target.get("getRecordings", "").body())
                .contains(
                        "<preview><images><image width=\"176\" height=\"136\" alt=\"sets.pdf, slide 1\">",
                        "/thumbnails/thumb-3.png</image>");
    }

    @Test
    void a_ready_recording_is_told_once_for_each_format() {
        create(
                "&record=true&meta_bn-recording-ready-url="
                        + url("/second")
                        + "&meta_bbb-recording-ready-url="
                        + url("/ready"));
        String id = control.meeting("room").orElseThrow().internalId();
        control.connect("room", People.viewers(1));
        control.endMeeting("room");
        pass(Duration.ofMinutes(3));

        for (var message : receiver.awaitMessages(2)) {
            assertThat(message.method()).isEqualTo("POST");
            assertThat(message.uri()).isEqualTo("/ready");
            assertThat(message.header("Content-type"))
                    .isEqualTo("application/x-www-form-urlencoded");
            var token = message.form().get("signed_parameters", "");
            assertThat(verified(token, "HmacSHA256"))
                    .isEqualTo(
                            JSON.readTree(
                                    "{\"meeting_id\": \"room\", \"record_id\": \"" + id + "\"}"));
        }
        control.sendRecordingReady(id);
        receiver.awaitMessages(4);
    }

    @Test
    void the_other_address_counts_when_the_first_is_missing_and_nothing_is_tried_again() {
        receiver.failNext(1);
        control.addRecording(
                SimulatorRecordingXmlTest.room()
                        .with("canvas-recording-ready-url", receiver.url() + "/third"));
        control.sendRecordingReady(SimulatorRecordingXmlTest.room().recordId());
        assertThat(receiver.await(1)).containsExactly("/third");
        pass(Duration.ofHours(1));
        assertThat(receiver.messages()).hasSize(1);
    }

    @Test
    void the_token_is_that_of_a_server() {
        assertThat(
                        LateCallbacks.readyBody(
                                SimulatorRecordingXmlTest.maths(), BbbConformance.SECRET))
                .isEqualTo(Samples.text("43-recording-ready-body.txt").strip());
    }

    @Test
    void who_took_part_is_told_where_events_are_kept() {
        create(
                "&meetingKeepEvents=true&meta_gl-listed=1&meta_analytics-callback-url="
                        + url("/analytics"));
        control.connect("room", People.moderators(1));
        control.connect("room", People.viewers(1));
        clock.advance(Duration.ofMinutes(10));
        control.endMeeting("room");
        pass(Duration.ofMinutes(3));

        var message = receiver.awaitMessages(1).getFirst();
        assertThat(message.header("Content-type")).isEqualTo("application/json");
        assertThat(message.header("User-agent")).isEqualTo("BigBlueButton Analytics Callback");
        String bearer = message.header("Authorization").substring("Bearer ".length());
        assertThat(verified(bearer, "HmacSHA512").path("exp").asLong())
                .isEqualTo(clock.millis() / 1000 + 86_400);
        assertThat(part(bearer, 0)).isEqualTo("{\"typ\":\"JWT\",\"alg\":\"HS512\"}");
        var body = JSON.readTree(message.body());
        assertThat(body.path("meeting_id").asString()).isEqualTo("room");
        var data = body.path("data");
        assertThat(data.path("duration").asLong()).isEqualTo(600);
        assertThat(data.path("metadata").has("gl_listed")).isFalse();
        assertThat(data.path("attendees").size()).isEqualTo(2);
        assertThat(data.path("attendees").path(0).path("moderator").asBoolean()).isTrue();
        assertThat(data.path("attendees").path(0).path("duration").asLong()).isEqualTo(600);
    }

    @Test
    void nobody_is_told_who_took_part_unless_events_are_kept() {
        create(
                "&meta_analytics-callback-url="
                        + url("/analytics")
                        + "&meetingEndedURL="
                        + url("/end"));
        control.endMeeting("room");
        pass(Duration.ofMinutes(3));
        assertThat(receiver.await(1)).containsExactly("/end");
    }

    @Test
    void the_end_says_whether_recording_was_ever_switched_on() {
        create("&record=true&meta_endCallbackUrl=" + url("/end"));
        control.startRecording("room");
        control.stopRecording("room");
        control.endMeeting("room");
        assertThat(receiver.await(1)).containsExactly("/end?recordingmarks=true&meetingID=room");
    }

    private static String part(String token, int index) {
        return new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]),
                StandardCharsets.UTF_8);
    }

    /// The payload of a token that was signed by the server.
    private static JsonNode verified(String token, String algorithm) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), algorithm));
            String signed = token.substring(0, token.lastIndexOf('.'));
            assertThat(Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1)))
                    .isEqualTo(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
            return JSON.readTree(part(token, 1));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
