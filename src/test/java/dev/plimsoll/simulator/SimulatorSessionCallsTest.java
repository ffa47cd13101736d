// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.BbbConformance;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Random;

/// The calls of the users' own client, and what any web server answers.
@Timeout(20)
class SimulatorSessionCallsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Secret SECRET = BbbConformance.SECRET;

    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(SECRET)
                            .withPublicUrl(URI.create("https://node1.bbb.example.com")),
                    TestClock.standing(),
                    new Random(1));
    private final Target target = new Target(server.api(), SECRET);

    @AfterEach
    void close() {
        server.close();
    }

    private Target.Answer join(String params) {
        target.get("create", "name=Maths&meetingID=maths-101");
        return target.get("join", "redirect=false&meetingID=maths-101" + params);
    }

    private Target.Answer ask(String call, Target.Answer joined, String params) {
        String cookie = joined.header("Set-Cookie").replaceAll(";.*", "");
        return Target.send(
                HttpRequest.newBuilder(
                                target.uri(
                                        call,
                                        "sessionToken=" + joined.text("session_token") + params))
                        .header("Cookie", "x=y; " + cookie));
    }

    private Target.Answer visit(Target.Answer joined) {
        return Target.send(
                HttpRequest.newBuilder(
                        server.api()
                                .resolve(
                                        "/html5client/?sessionToken="
                                                + joined.text("session_token"))));
    }

    @Test
    void a_join_address_is_signed_and_joins_as_the_same_person() {
        var joined = join("&fullName=Ada+Lindqvist&role=MODERATOR&userID=staff-17");
        visit(joined);
        var answer =
                ask(
                        "getJoinUrl",
                        joined,
                        "&sessionName=Second+screen&enforceLayout=PRESENTATION_ONLY");
        String url = JSON.readTree(answer.body()).at("/response/url").asString();
        assertThat(answer.body())
                .isEqualTo(
                        Samples.text("34-get-join-url.json")
                                .strip()
                                .replaceAll("w_[a-z0-9]{12}", joined.text("user_id"))
                                .replaceAll(
                                        "checksum=[0-9a-f]*",
                                        url.replaceAll(".*&checksum=", "checksum=")));

        var second = target.raw("join", URI.create(url).getRawQuery());
        assertThat(second.status()).isEqualTo(302);
        assertThat(second.header("Location")).contains("waitLayout=1&sessionToken=");
        Target.send(
                HttpRequest.newBuilder(
                        server.api()
                                .resolve(
                                        URI.create(second.header("Location")).getPath()
                                                + "?"
                                                + URI.create(second.header("Location"))
                                                        .getQuery())));
        assertThat(server.control().meeting("maths-101").orElseThrow().people()).hasSize(1);
    }

    @Test
    void the_sample_address_is_signed_the_same_way() {
        String url =
                JSON.readTree(Samples.text("34-get-join-url.json")).at("/response/url").asString();
        String query = URI.create(url).getRawQuery();
        assertThat(target.raw("join", query).header("Location")).contains("meetingForciblyEnded");
    }

    @Test
    void an_old_session_may_be_replaced() {
        var joined = join("&fullName=Ada&role=VIEWER");
        var answer = ask("getJoinUrl", joined, "&replaceSession=true");
        String url = JSON.readTree(answer.body()).at("/response/url").asString();
        target.raw("join", URI.create(url).getRawQuery());
        assertThat(visit(joined).status()).isEqualTo(404);
        assertThat(
                        target.get(
                                        "join",
                                        "fullName=Ada&role=VIEWER&meetingID=maths-101&existingUserID=w_nobody")
                                .status())
                .isEqualTo(500);
    }

    @Test
    void without_the_cookie_there_is_no_address() {
        var joined = join("&fullName=Ada&role=VIEWER");
        String token = "sessionToken=" + joined.text("session_token");
        assertThat(target.raw("getJoinUrl", token).status()).isEqualTo(404);
        assertThat(target.raw("getJoinUrl", "").status()).isEqualTo(404);
        assertThat(target.raw("learningDashboard", token).body()).contains("Invalid Session");
    }

    @Test
    void the_dashboard_is_for_moderators() {
        var viewer = join("&fullName=Bo&role=VIEWER");
        assertThat(ask("learningDashboard", viewer, "").body())
                .isEqualTo(
                        Samples.text("35-learning-dashboard-failed.json")
                                .strip()
                                .replace("u7d2hq9wnb5s0kxj", viewer.text("session_token")));
        var moderator = join("&fullName=Ada&role=MODERATOR");
        visit(moderator);
        var answer = JSON.readTree(ask("learningDashboard", moderator, "").body()).path("response");
        assertThat(answer.path("returncode").asString()).isEqualTo("SUCCESS");
        assertThat(JSON.readTree(answer.path("data").asString()).path("extId").asString())
                .isEqualTo("maths-101");
        assertThat(target.raw("learningDashboard", "").body()).contains("Invalid session token");
    }

    @Test
    void stuns_and_sign_out_need_a_session_only() {
        var joined = join("&fullName=Ada&role=VIEWER");
        assertThat(JSON.readTree(ask("stuns", joined, "").body()).has("stunServers")).isTrue();
        assertThat(ask("signOut", joined, "").body())
                .isEqualTo("<response>\n<returncode>SUCCESS</returncode>\n</response>");
        assertThat(ask("stuns", joined, "").body()).contains("Could not find conference.");
        assertThat(target.raw("signOut", "").text("returncode")).isEqualTo("SUCCESS");
    }

    @Test
    void calls_that_are_gone_are_unknown() {
        for (String call :
                new String[] {
                    "guestWait", "enter", "getDefaultConfigXML", "setConfigXML", "setPollXML"
                }) {
            assertThat(target.get(call, "").status()).as(call).isEqualTo(404);
        }
    }

    @Test
    void feedback_needs_a_session() {
        assertThat(target.post("feedback", "", "application/json", "{}").status()).isEqualTo(404);
        String token = "sessionToken=" + join("&fullName=Ada&role=VIEWER").text("session_token");
        assertThat(target.post("feedback", token, "application/json", "{}").body())
                .contains("SUCCESS");
        assertThat(target.get("feedback", token).status()).isEqualTo(405);
    }

    @Test
    void head_and_options_tell_without_a_body() {
        var head =
                Target.send(
                        HttpRequest.newBuilder(
                                        target.uri("getMeetings", target.sign("getMeetings", "")))
                                .HEAD());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualToIgnoringCase("text/xml;charset=utf-8");
        var options =
                Target.send(
                        HttpRequest.newBuilder(target.uri("insertDocument", ""))
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo("OPTIONS, POST");
    }

    @Test
    void a_final_slash_changes_nothing() {
        assertThat(target.raw("getMeetings/", target.sign("getMeetings", "")).text("messageKey"))
                .isEqualTo("noMeetings");
    }

    @Test
    void names_with_marks_survive_both_encodings() {
        var joined = join("&role=MODERATOR&fullName=" + Params.encode("Zoë & +Co \uD83D\uDE00"));
        var answer = ask("getJoinUrl", joined, "");
        String url = JSON.readTree(answer.body()).at("/response/url").asString();
        String name = Params.parse(URI.create(url).getRawQuery()).get("fullName", "");
        assertThat(Params.decode(name)).isEqualTo("Zoë & +Co \uD83D\uDE00");
    }
}
