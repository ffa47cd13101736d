// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Random;

/// What the numbered checks leave out.
@Timeout(20)
class SimulatorApiTest {

    private static final SimulatorSettings SETTINGS =
            SimulatorSettings.standard(new Secret("s3cret"))
                    .withPublicUrl(URI.create("https://node1.bbb.example.com/"));
    private final SimulatedServer server =
            SimulatedServer.start(SETTINGS, TestClock.standing(), new Random(1));
    private final Target target = new Target(server.api(), server.secret());

    @AfterEach
    void close() {
        server.close();
    }

    private Target.Answer at(String path, String... headers) {
        var request = HttpRequest.newBuilder(server.api().resolve(path));
        return Target.send(headers.length == 0 ? request : request.headers(headers));
    }

    private void create(String params) {
        assertThat(target.get("create", "name=Room&meetingID=room" + params).text("returncode"))
                .isEqualTo("SUCCESS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bigbluebutton",
                "/bigbluebutton/",
                "/bigbluebutton/api",
                "/bigbluebutton/api/"
            })
    void the_root_tells_the_version_of_the_API(String path) {
        assertThat(at(path).body()).isEqualTo(Samples.text("01-version.xml"));
        assertThat(at(path, "Content-Type", "application/json").body())
                .isEqualTo(Samples.text("01b-version.json"));
    }

    @Test
    void the_version_of_the_server_shows_when_it_shall() {
        try (var open =
                SimulatedServer.start(
                        SETTINGS.withVersion("3.0.15"), TestClock.standing(), new Random(1))) {
            assertThat(new Target(open.api(), open.secret()).raw("", "").text("bbbVersion"))
                    .isEqualTo("3.0.15");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,404",
        "GET,/bigbluebutton/api/getDefaultConfigXML,404",
        "GET,/bigbluebutton/api/insertDocument?meetingID=a,405",
        "PUT,/bigbluebutton/api/create,405",
        "GET,/bigbluebuttonx,404",
        "GET,/bigbluebutton/rtt-check,200",
    })
    void what_is_no_call_is_answered_by_the_web_application(
            String method, String path, int status) {
        var answer =
                Target.send(
                        HttpRequest.newBuilder(server.api().resolve(path))
                                .method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("<response>");
    }

    @Test
    void calls_without_what_the_server_does_not_check_break_it() {
        create("");
        assertThat(target.get("isMeetingRunning", "").status()).isEqualTo(500);
        assertThat(target.get("join", "meetingID=room&role=VIEWER").status()).isEqualTo(500);
        assertThat(insertDocument("", "<modules/>").status()).isEqualTo(500);
        assertThat(insertDocument("meetingID=room", "<modules").status()).isEqualTo(500);
        assertThat(
                        target.post(
                                        "create",
                                        target.sign("create", "name=A1&meetingID=a1"),
                                        "text/xml",
                                        "<!DOCTYPE a><a/>")
                                .status())
                .isEqualTo(500);
    }

    private Target.Answer insertDocument(String query, String body) {
        return target.post(
                "insertDocument", target.sign("insertDocument", query), "text/xml", body);
    }

    @Test
    void documents_come_with_create_and_after_it() {
        String modules = Samples.text("44-modules-body.xml");
        target.post(
                "create",
                target.sign("create", "name=Room&meetingID=room"),
                "application/xml",
                modules);
        var answer = insertDocument("meetingID=room", modules);

        assertThat(answer.body()).isEqualTo(Samples.text("31-insert-document.xml"));
        assertThat(server.control().meeting("room").orElseThrow().documents())
                .containsExactly("week1.pdf", "handout.txt", "week1.pdf", "handout.txt");
        assertThat(insertDocument("meetingID=room", "<modules/>").status()).isEqualTo(404);
    }

    @Test
    void a_meeting_without_presentation_takes_no_document() {
        create("&disabledFeatures=chat,presentation");
        assertThat(
                        insertDocument("meetingID=room", Samples.text("44-modules-body.xml"))
                                .text("message"))
                .isEqualTo("Presentation feature is disabled, ignoring.");
    }

    @Test
    void chat_messages_reach_a_running_meeting() {
        create("");
        server.control().connect("room", People.viewers(1));

        assertThat(target.get("sendChatMessage", "meetingID=room&message=Hello").body())
                .isEqualTo(Samples.text("33-send-chat-message.xml"));
        assertThat(target.get("sendChatMessage", "meetingID=room").text("messageKey"))
                .isEqualTo("nullError");
        assertThat(
                        target.get("sendChatMessage", "meetingID=room&message=" + "x".repeat(501))
                                .text("message"))
                .isEqualTo("Param message must be between 1 and 500 characters");
    }

    @Test
    void sessions_are_those_who_joined() {
        assertThat(target.get("getSessions", "").text("message"))
                .isEqualTo("no sessions were found on this serverr");
        create("");
        target.get("join", "meetingID=room&fullName=Ada+Lindqvist&role=VIEWER");

        assertThat(target.get("getSessions", "").body())
                .isEqualTo(
                        Samples.text("36-get-sessions.xml")
                                .replaceAll(
                                        "<meetingID>.*</meetingID>",
                                        "<meetingID>"
                                                + server.control()
                                                        .meeting("room")
                                                        .orElseThrow()
                                                        .internalId()
                                                + "</meetingID>")
                                .replace("Maths 101", "Room"));
    }

    @Test
    void join_answers_what_a_server_answers() {
        create("&guestPolicy=ASK_MODERATOR");
        var answer =
                target.get(
                        "join",
                        "meetingID=room&fullName=Ada&role=VIEWER&guest=true&redirect=false");
        var sample = Samples.text("09b-join-guest-waits.xml");
        for (String name : new String[] {"meeting_id", "user_id", "auth_token", "session_token"}) {
            sample =
                    sample.replaceAll(
                            "<" + name + ">.*<", "<" + name + ">" + answer.text(name) + "<");
        }
        assertThat(answer.body())
                .isEqualTo(
                        sample.replaceAll("Token=\\w+", "Token=" + answer.text("session_token")));
    }

    @Test
    void join_leads_to_the_client_of_the_server() {
        create("");
        assertThat(target.get("join", "meetingID=room&fullName=Ada&role=VIEWER").header("Location"))
                .matches(
                        "https://node1\\.bbb\\.example\\.com/html5client/\\?sessionToken=[a-z0-9]{16}");
        assertThat(
                        target.get(
                                        "join",
                                        "meetingID=room&fullName=Ada&role=VIEWER&enforceLayout=SMART_LAYOUT")
                                .header("Location"))
                .contains("/html5client/?waitLayout=1&sessionToken=");
    }

    @Test
    void the_empty_id_means_some_meeting() {
        assertThat(target.get("end", "meetingID=").text("messageKey")).isEqualTo("notFound");
        create("");
        assertThat(target.get("end", "meetingID=").text("messageKey")).isEqualTo("sizeError");
    }

    @Test
    void errors_come_as_JSON_to_those_who_want_it() {
        var request =
                HttpRequest.newBuilder(target.uri("getMeetings", "checksum=x"))
                        .header("Accept", "application/json");
        var answer = Target.send(request);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.body()).contains("\"messageKey\": \"checksumError\"");
    }

    @Test
    void parameters_may_come_in_a_multipart_form() {
        var body =
                """
                --xx
                Content-Disposition: form-data; name="name"

                Room
                --xx
                Content-Disposition: form-data; name="meetingID"

                room
                --xx--
                """
                        .replace("\n", "\r\n");
        assertThat(
                        target.post(
                                        "create",
                                        target.sign("create", ""),
                                        "multipart/form-data; boundary=xx",
                                        body)
                                .text("meetingID"))
                .isEqualTo("room");
    }

    @Test
    void what_was_sent_with_create_is_there_to_look_at() {
        create("&foo=bar&meta_a=b");
        var params = server.control().meeting("room").orElseThrow().params();
        assertThat(params.get("foo", "")).isEqualTo("bar");
        assertThat(params.find("checksum")).isEmpty();
    }

    @Test
    void only_the_state_that_a_server_lets_be_cached_may_be_cached() {
        create("");
        assertThat(target.get("getMeetingInfo", "meetingID=room").header("Cache-Control"))
                .isEmpty();
        assertThat(target.get("getMeetings", "").header("Cache-Control")).isEqualTo("no-cache");
        assertThat(target.get("getMeetingInfo", "meetingID=nope").header("Cache-Control"))
                .isEqualTo("no-cache");
    }
}
