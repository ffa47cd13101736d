// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.RawHttp;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;

/// Calls with a session token: for sessions that were opened through the balancer, and for no others.
@Timeout(30)
final class SessionCallsTest {

    private static final String JSON = "application/json";

    private final Balancer balancer =
            Balancer.start(
                    3, "PLIMSOLL_BBB_ANSWER_TIMEOUT", "1s", "PLIMSOLL_BBB_MAX_ANSWER", "20000");
    private final Target target = balancer.target();
    private String token = "";

    @BeforeEach
    void open() {
        for (String id : List.of("alg-1", "alg-2", "alg-3")) {
            target.get("create", "name=Algebra&allowRequestsWithoutSession=true&meetingID=" + id);
        }
        token = join("alg-2", "MODERATOR");
    }

    @AfterEach
    void close() {
        balancer.close();
    }

    private String join(String id, String role) {
        var joined =
                target.get("join", "redirect=false&fullName=Ada&meetingID=" + id + "&role=" + role);
        return joined.text("session_token");
    }

    private long calls(String call) {
        return balancer.servers().stream().mapToLong(s -> s.control().calls(call)).sum();
    }

    @Test
    void theDashboardComesFromTheServerOfTheSession() {
        var answer = target.raw("learningDashboard", "x=%c3%a9&sessionToken=" + token + "&y");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith(JSON);
        assertThat(answer.body()).contains("SUCCESS", "alg-2").doesNotContain("alg-1");
        assertThat(balancer.serverOf("alg-2").control().calls("learningDashboard")).isEqualTo(1);
        assertThat(calls("learningDashboard")).isEqualTo(1);
    }

    @Test
    void theServersRefusalIsPassedOn() {
        var answer = target.raw("learningDashboard", "sessionToken=" + join("alg-1", "VIEWER"));
        assertThat(answer.body()).contains("Access denied");
    }

    @Test
    void feedbackReachesTheServerOfTheSession() {
        var answer = target.post("feedback", "sessionToken=" + token, JSON, "{\"rating\":5}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("SUCCESS");
        assertThat(balancer.serverOf("alg-2").control().calls("feedback")).isEqualTo(1);
        assertThat(target.post("feedback", "rating=5&sessionToken=" + token, "", "").body())
                .contains("SUCCESS");
        assertThat(calls("feedback")).isEqualTo(2);
    }

    @Test
    void aTokenThatNobodyKnowsReachesNoServer() {
        for (String query :
                List.of(
                        "",
                        "sessionToken=",
                        "sessionToken=%22%3Cx%3E",
                        "sessionToken=" + token + "x",
                        "sessionToken=" + token + "&sessionToken=other",
                        "sessionToken=other&session%54oken=" + token,
                        "sessionToken[]=other&sessionToken=" + token,
                        "SessionToken=" + token)) {
            var answer = target.raw("learningDashboard", query);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).startsWith(JSON);
            assertThat(answer.body()).contains("\"message\": \"Invalid session token\"");
            var refused = target.post("feedback", query, JSON, "{}");
            assertThat(refused.text("messageKey")).isEqualTo("unsupportedRequest");
        }
        assertThat(calls("learningDashboard") + calls("feedback")).isZero();
    }

    @Test
    void aStrangersBodyIsNotRead() {
        var raw = new RawHttp(balancer.port());
        var answer =
                raw.send(
                        "POST /bigbluebutton/api/feedback?sessionToken=unknown",
                        List.of("Content-Type: " + JSON, "Content-Length: 100000000"),
                        _ -> {});
        assertThat(answer.body()).contains("unsupportedRequest");
        var tooLarge = target.post("feedback", "sessionToken=" + token, JSON, "x".repeat(70_000));
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.text("messageKey")).isEqualTo("requestTooLarge");
        var form =
                target.post(
                        "feedback",
                        "sessionToken=" + token,
                        "application/x-www-form-urlencoded",
                        "a=b");
        assertThat(form.text("messageKey")).isEqualTo("unsupportedContentType");
        assertThat(calls("feedback")).isZero();
    }

    @Test
    void aServerThatIsSilentIsNamedInJsonAndNotBlamedForAStranger() {
        var faults = balancer.serverOf("alg-2").faults();
        for (String fault : List.of("drop", "hang")) {
            faults.add(FaultRule.parse("learningDashboard=" + fault));
            var answer = target.raw("learningDashboard", "sessionToken=" + token);
            assertThat(answer.header("Content-Type")).startsWith(JSON);
            assertThat(answer.body()).contains("serverUnavailable");
            faults.clear();
        }
        assertThat(balancer.admin("GET", "/servers", "").body())
                .doesNotContain("unstable", "offline");
    }

    @Test
    void aPageOfTheServersIsNotShownUnderOurAddress() {
        target.get("end", "meetingID=alg-2");
        var server = balancer.serverOf("alg-2");
        server.faults().add(FaultRule.parse("learningDashboard=status:500"));
        var answer = target.raw("learningDashboard", "sessionToken=" + token);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aJoinThatRedirectsLeavesNothingBehind() {
        var sent = target.get("join", "fullName=Ada&role=MODERATOR&meetingID=alg-1");
        var welcomed = Target.send(HttpRequest.newBuilder(URI.create(sent.header("Location"))));
        String theirs = welcomed.header("Location").replaceAll(".*sessionToken=", "");
        assertThat(theirs).isNotEmpty();
        assertThat(target.raw("learningDashboard", "sessionToken=" + theirs).body())
                .contains("Invalid session token");
    }

    @Test
    void whatABalancerCannotAnswerItRefusesInWords() {
        for (String call : List.of("getJoinUrl", "stuns", "signOut", "guestWait", "enter")) {
            var answer = target.get(call, "sessionToken=" + token);
            assertThat(answer.text("messageKey")).as(call).isEqualTo("unsupportedRequest");
            assertThat(answer.text("message")).contains("it belongs to a session");
            assertThat(calls(call)).isZero();
        }
    }
}
