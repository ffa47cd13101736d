// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.RawHttp;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The API as HTTP: addresses, methods, bodies and headers as BigBlueButton treats them.
@Timeout(20)
final class GatewayHttpTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ALGEBRA = "name=Algebra+1&meetingID=alg-1";

    private final Balancer balancer = Balancer.start(2);
    private final Target target = balancer.target();

    @AfterEach
    void close() {
        balancer.close();
    }

    @Test
    void theRootTellsTheVersionWithAndWithoutSlashes() {
        for (String path :
                List.of(
                        "/bigbluebutton",
                        "/bigbluebutton/",
                        "/bigbluebutton/api",
                        "/bigbluebutton/api/")) {
            var answer = Target.send(HttpRequest.newBuilder(URI.create(balancer.url() + path)));
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body())
                    .as(path)
                    .isEqualTo(
                            "<response>\n<returncode>SUCCESS</returncode>\n<version>2.0</version>\n"
                                    + "<apiVersion>2.0</apiVersion>\n<bbbVersion></bbbVersion>\n</response>");
            assertThat(answer.header("Content-Type")).isEqualTo("text/xml;charset=utf-8");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        }
    }

    @Test
    void aCallMayEndInASlash() {
        var answer = target.raw("create/", target.sign("create", ALGEBRA));
        assertThat(answer.text("returncode")).isEqualTo("SUCCESS");
    }

    @Test
    void anUnknownCallIsAnsweredInTheFormOfTheApi() {
        for (String call : List.of("noSuchCall", "Create", "create/more", "hooks/more")) {
            expectFailed(target.get(call, ""), "unsupportedRequest");
        }
        expectFailed(
                target.post("join", target.sign("join", ""), FORM, "x=1"), "unsupportedRequest");
    }

    @Test
    void onlyASuccessfulLookAtAMeetingMayBeCached() {
        var create = target.get("create", ALGEBRA);
        assertThat(create.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(target.get("getMeetingInfo", "meetingID=alg-1").http().headers().map())
                .doesNotContainKey("cache-control");
        for (var answer :
                List.of(
                        target.get("getMeetingInfo", "meetingID=nope"),
                        target.get("getMeetings", ""),
                        target.get("isMeetingRunning", "meetingID=alg-1"),
                        target.get("join", "meetingID=alg-1&fullName=A&role=VIEWER&redirect=false"),
                        target.get("end", "meetingID=alg-1"),
                        target.raw("end", "meetingID=alg-1&checksum=x"))) {
            assertThat(answer.header("Cache-Control")).as(answer.body()).isEqualTo("no-cache");
        }
    }

    @Test
    void headIsAnsweredWithoutABody() {
        var raw = new RawHttp(balancer.port());
        var answer =
                raw.send("HEAD /bigbluebutton/api/getMeetings?" + target.sign("getMeetings", ""));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("text/xml;charset=utf-8");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void headChangesNothing() {
        var raw = new RawHttp(balancer.port());
        for (String call : List.of("create", "end", "publishRecordings", "sendChatMessage")) {
            var answer =
                    raw.send("HEAD /bigbluebutton/api/" + call + "?" + target.sign(call, ALGEBRA));
            assertThat(answer.status()).as(call).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("GET").doesNotContain("HEAD");
        }
        expectFailed(target.get("getMeetingInfo", "meetingID=alg-1"), "notFound");

        target.get("create", ALGEBRA);
        String join = "meetingID=alg-1&fullName=A&role=VIEWER";
        var sent = raw.send("HEAD /bigbluebutton/api/join?" + target.sign("join", join));
        assertThat(sent.status()).isEqualTo(302);
        assertThat(sent.header("Location")).contains("/api/join?");
        raw.send("HEAD /bigbluebutton/api/join?" + target.sign("join", join + "&redirect=false"));
        assertThat(balancer.serverOf("alg-1").control().calls("join")).isZero();
    }

    @Test
    void optionsTellsWhatMayBeSent() {
        for (var expected :
                Map.of(
                                "/bigbluebutton/api", "GET, HEAD, OPTIONS",
                                "/bigbluebutton/api/create", "GET, POST, OPTIONS",
                                "/bigbluebutton/api/join", "GET, HEAD, OPTIONS",
                                "/bigbluebutton/api/getMeetings/", "GET, HEAD, POST, OPTIONS",
                                "/bigbluebutton/api/insertDocument", "POST, OPTIONS",
                                "/", "GET, HEAD, OPTIONS")
                        .entrySet()) {
            var answer = new RawHttp(balancer.port()).send("OPTIONS " + expected.getKey());
            assertThat(answer.status()).as(expected.getKey()).isEqualTo(204);
            assertThat(answer.header("Allow")).isEqualTo(expected.getValue());
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void errorsAreJsonForWhoAsksForIt() {
        String text =
                """
                {
                    "response": {
                        "returncode": "FAILED",
                        "messageKey": "%s",
                        "message": "%s"
                    }
                }\
                """;
        var missing = ask("getMeetingInfo", "meetingID=no", "application/json");
        assertThat(missing.body())
                .isEqualTo(text.formatted("notFound", "A meeting with that ID does not exist"));
        assertThat(missing.header("Content-Type")).isEqualTo("application/json;charset=utf-8");
        assertThat(missing.status()).isEqualTo(200);
        assertThat(target.raw("create", "format=json").body())
                .isEqualTo(text.formatted("checksumError", "Checksums do not match"));
        assertThat(target.get("nonsense", "format=json").body()).contains("unsupportedRequest");
        assertThat(target.get("create", "meetingID=a,b&name=x&format=json").body())
                .as("a server's refusal")
                .contains("\"messageKey\": \"sizeError\"");

        assertThat(ask("create", ALGEBRA, "application/json").text("returncode"))
                .isEqualTo("SUCCESS");
        expectFailed(
                ask("getMeetingInfo", "meetingID=no", "application/json, text/plain, */*"),
                "notFound");
    }

    private Target.Answer ask(String call, String query, String accept) {
        return Target.send(
                HttpRequest.newBuilder(target.uri(call, target.sign(call, query)))
                        .header("Accept", accept));
    }

    @Test
    void theVersionIsJsonForWhoSendsThatContentType() {
        var answer =
                Target.send(
                        HttpRequest.newBuilder(URI.create(balancer.url() + "/bigbluebutton/api"))
                                .header("Content-Type", "application/json"));
        assertThat(answer.header("Content-Type")).isEqualTo("application/json;charset=utf-8");
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {
                            "response": {
                                "returncode": "SUCCESS",
                                "version": "2.0",
                                "apiVersion": "2.0",
                                "bbbVersion": ""
                            }
                        }\
                        """);
    }

    @Test
    void anOldProxyIsToldWhichHttpToSpeak() {
        var answer =
                new RawHttp(balancer.port())
                        .exchange(out ->
                                out.write(
                                        "GET /bigbluebutton/api HTTP/1.0\r\n\r\n"
                                                .getBytes(StandardCharsets.US_ASCII)));
        assertThat(answer.status()).isEqualTo(505);
        assertThat(answer.body()).contains("HTTP/1.1").contains("proxy_http_version");
    }

    @Test
    void readingCallsMayBePosted() {
        target.get("create", ALGEBRA);
        for (String call : List.of("getMeetingInfo", "isMeetingRunning", "getMeetings", "end")) {
            var answer = target.post(call, target.sign(call, ""), FORM, "meetingID=alg-1");
            assertThat(answer.text("returncode")).as(call).isEqualTo("SUCCESS");
        }
    }

    @Test
    void parametersMayBeSplitOverAddressAndForm() {
        var created =
                target.post(
                        "create",
                        "name=Algebra+1",
                        FORM + "; charset=UTF-8",
                        "meetingID=alg-1&meta_a=%C3%A4&attendeePW=ap&moderatorPW=mp&"
                                + "checksum="
                                + target.sign("create", "name=Algebra+1").split("checksum=", 2)[1]);
        assertThat(created.text("returncode")).as(created.body()).isEqualTo("SUCCESS");
        assertThat(created.text("attendeePW")).isEqualTo("ap");
        var info = target.get("getMeetingInfo", "meetingID=alg-1");
        assertThat(info.text("meetingName")).isEqualTo("Algebra 1");
        assertThat(info.body()).contains("<a>ä</a>");
    }

    @Test
    void theAddressBeatsTheForm() {
        target.post("create", target.sign("create", ALGEBRA), FORM, "name=Other&meetingID=other");
        assertThat(target.get("getMeetingInfo", "meetingID=alg-1").text("meetingName"))
                .isEqualTo("Algebra 1");
        expectFailed(target.get("getMeetingInfo", "meetingID=other"), "notFound");
    }

    @Test
    void aMultipartCreatePassesWhenItsIdsStandInTheAddress() {
        String body =
                "--x\r\nContent-Disposition: form-data; name=\"meta_b\"\r\n\r\nB\r\n--x--\r\n";
        String type = "multipart/form-data; boundary=x";
        var created = target.post("create", target.sign("create", ALGEBRA), type, body);
        assertThat(created.text("returncode")).as(created.body()).isEqualTo("SUCCESS");
        assertThat(target.get("getMeetingInfo", "meetingID=alg-1").body()).contains("<b>B</b>");
    }

    @Test
    void aMultipartCreateWithItsIdsInTheBodyIsToldWhereTheyBelong() {
        String body =
                "--x\r\nContent-Disposition: form-data; name=\"meetingID\"\r\n\r\nalg-1\r\n--x--\r\n";
        String type = "multipart/form-data; boundary=x";
        var signed = target.post("create", target.sign("create", ""), type, body);
        expectFailed(signed, "unsupportedContentType");
        assertThat(signed.text("message"))
                .isEqualTo("With a multipart body, put the parameters into the address");
        var unsigned = target.post("create", "", type, body);
        expectFailed(unsigned, "checksumError");
        assertThat(unsigned.text("message")).contains("multipart").contains("address");
    }

    @Test
    void internalIdsNameAMeetingEverywhere() {
        target.get("create", ALGEBRA + "&attendeePW=ap&moderatorPW=mp");
        String id = target.get("getMeetingInfo", "meetingID=alg-1").text("internalMeetingID");
        assertThat(target.get("getMeetingInfo", "meetingID=" + id).text("meetingID"))
                .isEqualTo("alg-1");
        assertThat(target.get("join", "fullName=A&role=VIEWER&meetingID=" + id).header("Location"))
                .startsWith(balancer.serverOf("alg-1").api() + "join?")
                .contains("meetingID=" + id);
        assertThat(target.get("isMeetingRunning", "meetingID=" + id).text("returncode"))
                .isEqualTo("SUCCESS");
        assertThat(target.get("end", "meetingID=" + id).text("messageKey"))
                .isEqualTo("sentEndMeetingRequest");
        expectFailed(target.get("getMeetingInfo", "meetingID=" + id), "notFound");
        expectFailed(target.get("getMeetingInfo", "meetingID=alg-1"), "notFound");
    }

    @Test
    void aServerThatRefusesOurSecretIsNotTheCallersFault() {
        target.get("create", ALGEBRA);
        balancer.serverOf("alg-1")
                .faults()
                .add(FaultRule.parse("getMeetingInfo=refuse:checksumError:Checksums do not match"));
        expectFailed(target.get("getMeetingInfo", "meetingID=alg-1"), "serverUnavailable");
    }

    @Test
    void charactersThatMustBeEncodedAreNamedInsteadOfGuessed() {
        // The HTTP library decodes the request line as ASCII, so the bytes that were signed are
        // gone.
        var answer =
                new RawHttp(balancer.port())
                        .send(
                                "GET /bigbluebutton/api/create?name=Algèbre&meetingID=alg-1&checksum="
                                        + "0".repeat(40));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("checksumError").contains("percent-encoded");
    }

    private static void expectFailed(Target.Answer answer, String key) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/xml;charset=utf-8");
        assertThat(answer.text("returncode")).as(answer.body()).isEqualTo("FAILED");
        assertThat(answer.text("messageKey")).as(answer.body()).isEqualTo(key);
    }
}
