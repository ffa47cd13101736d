// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.Heap;
import dev.plimsoll.testing.RawHttp;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Whatever callers send: an answer in the API's form, no trace of our insides, no growth, and no meeting by accident.
@Timeout(60)
final class HostileCallersTest {

    private static final List<String> CALLS =
            List.of("create", "join", "isMeetingRunning", "end", "getMeetingInfo", "getMeetings");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ALGEBRA = "name=Algebra+1&meetingID=alg-1";
    private static final int MEGABYTE = 1_000_000;

    private static Balancer balancer;
    private static Target target;
    private static RawHttp raw;

    @BeforeAll
    static void start() {
        balancer = Balancer.start(2);
        target = balancer.target();
        raw = new RawHttp(balancer.port());
    }

    @AfterAll
    static void stop() {
        balancer.close();
    }

    @AfterEach
    void allGoesOn() {
        assertThat(target.get("getMeetings", "").body()).contains("<meetings/>");
        nothingIsRegistered();
    }

    @Test
    void aChecksumThatIsNotRightIsNamedAndNothingElse() {
        String good = target.sign("end", "meetingID=x").split("checksum=", 2)[1];
        for (String call : CALLS) {
            for (String query :
                    List.of(
                            ALGEBRA,
                            ALGEBRA + "&checksum=",
                            ALGEBRA + "&checksum",
                            ALGEBRA + "&checksum=" + good,
                            ALGEBRA + "&checksum=" + good + "&checksum=" + good,
                            ALGEBRA + "&checksum=" + "a".repeat(60_000),
                            ALGEBRA + "&checksum=" + "0".repeat(40),
                            ALGEBRA + "&checksum=" + "0".repeat(128),
                            ALGEBRA + "&checksum=%00%ff" + good,
                            ALGEBRA + "&checksum=" + "g".repeat(40),
                            ALGEBRA + "&CHECKSUM=" + good)) {
                expectFailed(target.raw(call, query), "checksumError");
            }
        }
    }

    @Test
    void aSecondChecksumIsSignedLikeAnyOtherParameter() {
        String signed = target.sign("getMeetings", "");
        assertThat(target.raw("getMeetings", signed + "&" + signed).text("returncode"))
                .isEqualTo("SUCCESS");
        expectFailed(target.raw("getMeetings", signed + "&checksum=other"), "checksumError");
    }

    @Test
    void parametersThatAreMissingOrTooLongAreNamed() {
        String longName = "n".repeat(257);
        expectFailed(target.get("create", ""), "nullError", "validationError");
        expectFailed(target.get("create", "meetingID=alg-1&name=" + longName), "sizeError");
        expectFailed(target.get("create", "name=Algebra&meetingID=" + longName), "sizeError");
        expectFailed(target.get("create", "name=A&meetingID=" + "i".repeat(50_000)), "sizeError");
        expectFailed(target.get("create", "name=Algebra&meetingID=%0d%0aXY"), "validationError");
        expectFailed(target.get("create", "name=Algebra&meetingID=a%00b"), "validationError");
        for (String call : List.of("end", "getMeetingInfo")) {
            expectFailed(target.get(call, ""), "notFound");
            expectFailed(target.get(call, "meetingID="), "notFound");
            expectFailed(target.get(call, "meetingID=" + "i".repeat(50_000)), "notFound");
        }
        expectFailed(target.get("isMeetingRunning", ""), "missingParamMeetingID");
        expectFailed(target.get("noSuchCall", ""), "unsupportedRequest");
    }

    @Test
    void documentsThatAServerCannotUseDoNotMakeItUnwell() {
        assertThat(target.get("create", ALGEBRA).text("returncode")).isEqualTo("SUCCESS");
        String signed = target.sign("insertDocument", "meetingID=alg-1");
        for (String body : List.of("", "<modules/>", "<modules><module name=\"x\"/></modules>")) {
            // BBB: a page with status 404
            expectFailed(target.post("insertDocument", signed, "text/xml", body), "internalError");
        }
        assertThat(balancer.admin("GET", "/servers", "").body()).doesNotContain("unstable");
        assertThat(target.get("end", "meetingID=alg-1").text("returncode")).isEqualTo("SUCCESS");
    }

    @Test
    void tenThousandParametersAreTooMany() {
        String many = "a=1&".repeat(10_000) + ALGEBRA;
        expectFailed(target.get("create", many), "requestTooLarge");
        expectFailed(
                target.post("create", target.sign("create", ""), FORM, many), "requestTooLarge");
        expectFailed(target.post("create", "", FORM, "&".repeat(1_900_000)), "requestTooLarge");
    }

    @Test
    void anAddressOfAMegabyteIsRefused() {
        var answer = raw.send("GET /bigbluebutton/api/create?name=" + "x".repeat(MEGABYTE));
        expectRefused(answer);
        assertThat(answer.status()).isEqualTo(414);
        assertThat(answer.body()).contains("<messageKey>requestTooLarge</messageKey>");
        expectRefused(raw.send("GET /" + "x".repeat(MEGABYTE)));
        expectRefused(raw.send("x".repeat(MEGABYTE)));
    }

    @Test
    void floodsOfHeadersAreRefused() {
        var heap = new Heap();
        String line = "GET /bigbluebutton/api/getMeetings?" + target.sign("getMeetings", "");
        expectRefused(raw.send(line, List.of("X-Long: " + "x".repeat(MEGABYTE)), out -> {}));
        var flood = new String[20_000];
        for (int i = 0; i < flood.length; i++) {
            flood[i] = "X-%d: y".formatted(i);
        }
        expectRefused(raw.send(line, List.of(flood), out -> {}));
        heap.expectGrowthBelow(20);
    }

    @Test
    void bodiesOfAHundredMegabytesAreRefusedWithoutKeepingThem() {
        var heap = new Heap();
        String signed = "POST /bigbluebutton/api/create?" + target.sign("create", ALGEBRA);
        String unsigned = "POST /bigbluebutton/api/create?" + ALGEBRA;
        for (String line : List.of(signed, unsigned)) {
            for (String type : List.of("application/xml", FORM, "application/json", "x")) {
                expectRefused(raw.send(line, announced(type), HostileCallersTest::megabytes));
                expectRefused(raw.send(line, chunked(type), HostileCallersTest::chunks));
            }
        }
        heap.expectGrowthBelow(30);
    }

    private static List<String> announced(String type) {
        return List.of("Content-Type: " + type, "Content-Length: " + 100 * MEGABYTE);
    }

    private static List<String> chunked(String type) {
        return List.of("Content-Type: " + type, "Transfer-Encoding: chunked");
    }

    private static void megabytes(OutputStream out) throws IOException {
        byte[] megabyte = "x".repeat(MEGABYTE).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 100; i++) {
            out.write(megabyte);
        }
    }

    private static void chunks(OutputStream out) throws IOException {
        byte[] chunk =
                (Integer.toHexString(MEGABYTE) + "\r\n" + "x".repeat(MEGABYTE) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 100; i++) {
            out.write(chunk);
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void strangersCannotMakeUsKeepTheirBodies() throws InterruptedException {
        // Forms are read before their checksum is known, so their number times their size counts.
        var heap = new Heap();
        String body = "x=" + "y".repeat(1_900_000);
        var threads = new Thread[50];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    Thread.ofVirtual()
                            .start(() ->
                                    expectRefused(
                                            raw.send(
                                                    "POST /bigbluebutton/api/create",
                                                    List.of(
                                                            "Content-Type: " + FORM,
                                                            "Content-Length: " + body.length()),
                                                    out ->
                                                            out.write(
                                                                    body.getBytes(
                                                                            StandardCharsets
                                                                                    .US_ASCII)))));
        }
        for (var thread : threads) {
            thread.join();
        }
        heap.expectGrowthBelow(20);
    }

    @Test
    void anIdleConnectionKeepsNothingOfItsLastBody() throws IOException {
        var heap = new Heap();
        byte[] request =
                ("POST /bigbluebutton/api/create HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                + FORM
                                + "\r\nContent-Length: 1900000\r\n\r\n"
                                + "x".repeat(1_900_000))
                        .getBytes(StandardCharsets.US_ASCII);
        var idle = new ArrayList<Socket>();
        for (int i = 0; i < 50; i++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), balancer.port());
            idle.add(socket);
            socket.getOutputStream().write(request);
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
        }
        heap.expectGrowthBelow(20);
        for (Socket socket : idle) {
            socket.close();
        }
    }

    @Test
    void brokenXmlInABodyIsToldToItsSender() {
        long before = creates();
        for (String body :
                List.of(
                        "<modules>",
                        "nothing",
                        "<modules></module>",
                        "<a><b/></a><c/>",
                        "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><modules>&x;</modules>",
                        "<!DOCTYPE m SYSTEM \"http://127.0.0.1:1/m.dtd\"><modules/>",
                        "<modules>&unknown;</modules>",
                        laughs(),
                        "<a>".repeat(10_000) + "</a>".repeat(10_000),
                        "<modules>" + "<m/>".repeat(100_000) + "</modules>",
                        "<modules " + "a='1' ".repeat(1000) + "/>",
                        "\u0000\u0001\uFFFF")) {
            for (String type : List.of("application/xml", "text/xml; charset=utf-8")) {
                var answer = target.post("create", target.sign("create", ALGEBRA), type, body);
                expectFailed(answer, "invalidXml");
                assertThat(answer.body()).doesNotContain("root:").doesNotContain("passwd");
            }
        }
        assertThat(creates()).isEqualTo(before);
    }

    private static long creates() {
        return balancer.servers().stream()
                .mapToLong(server -> server.control().calls("create"))
                .sum();
    }

    private static String laughs() {
        var text = new StringBuilder("<!DOCTYPE m [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 30; i++) {
            text.append("<!ENTITY l%d \"%s\">".formatted(i, "&l%d;".formatted(i - 1).repeat(10)));
        }
        return text.append("]><modules>&l29;</modules>").toString();
    }

    @Test
    void nobodyIsSentAnywhereButToTheWebAndOnlyBySignedCalls() {
        String nope = "fullName=Ada&role=VIEWER&meetingID=nope";
        for (String name : List.of("logoutURL", "errorRedirectUrl")) {
            for (String address :
                    List.of(
                            "javascript:alert(1)",
                            "data:text/html,x",
                            "//evil.example.org/x",
                            "file:///etc/passwd",
                            "https:evil",
                            "https://",
                            "ftp://evil.example.org",
                            "https://evil.example.org/\r\nSet-Cookie: a=b",
                            "https://evil.example.org/\nX: y",
                            "https://evil.example.org/\u0000",
                            "https://evil.example.org/ x",
                            "\r\n\r\n<script>")) {
                var answer = target.get("join", nope + "&" + name + "=" + Params.encode(address));
                assertThat(answer.status()).as(address).isEqualTo(302);
                assertThat(answer.header("Location")).startsWith(balancer.url() + "?errors=[");
                assertThat(answer.http().headers().map()).doesNotContainKeys("set-cookie", "x");
            }
            var unsigned =
                    target.raw("join", nope + "&" + name + "=https%3A%2F%2Fevil.example.org");
            expectFailed(unsigned, "checksumError");
            var accented = nope + "&" + name + "=" + Params.encode("https://lms.example.org/é?ü=1");
            assertThat(target.get("join", accented).header("Location"))
                    .startsWith("https://lms.example.org/%C3%A9?%C3%BC=1&errors=[");
        }
        var injected = target.get("join", "fullName=A&role=VIEWER&meetingID=%0d%0aX-Evil:%201");
        assertThat(injected.http().headers().map()).doesNotContainKey("x-evil");
    }

    @Test
    void strangeNamesReachTheServerWithoutHarm() {
        for (String name :
                List.of("%00%01%1b%5b31m", "%ED%A0%80%ED%B0%80", "%FF%FE", "%F0%9F%98%80x")) {
            String query = "meetingID=odd&name=Odd" + name + "&welcome=" + name;
            assertThat(target.get("create", query).text("returncode"))
                    .as(name)
                    .isEqualTo("SUCCESS");
            assertThat(target.get("getMeetings", "").text("returncode")).isEqualTo("SUCCESS");
            var join = target.get("join", "meetingID=odd&role=VIEWER&fullName=A" + name);
            assertThat(join.status()).isEqualTo(302);
            assertThat(join.header("Location")).contains("/api/join?");
            assertThat(target.get("end", "meetingID=odd").text("returncode")).isEqualTo("SUCCESS");
        }
    }

    @Test
    void twoThousandMalformedRequestsNeverShowOurInsides() {
        var random = new Random(20_261_120);
        for (int i = 0; i < 2000; i++) {
            byte[] request = malformed(random);
            var answer = raw.exchange(out -> out.write(request));
            String text = answer.body();
            assertThat(text)
                    .as("request %d: %s", i, new String(request, StandardCharsets.ISO_8859_1))
                    .doesNotContain("dev.plimsoll", "java.", "io.helidon", "Exception", "\tat ");
            assertThat(answer.status() == 500 && !text.contains("Incident"))
                    .as(
                            "request %d is a 500 without an incident: %s%n%s",
                            i, new String(request, StandardCharsets.ISO_8859_1), answer)
                    .isFalse();
            assertThat(answer.status()).as("request %d", i).isNotEqualTo(500);
        }
    }

    /// A request that is nearly right: made of fitting parts, some of them broken, cut off at the end now and then.
    private static byte[] malformed(Random random) {
        String call =
                pick(
                        random,
                        "create",
                        "join",
                        "end",
                        "getMeetingInfo",
                        "getMeetings",
                        "",
                        "\u00e9",
                        "%00",
                        "..");
        String query = query(random);
        if (random.nextInt(3) == 0) {
            query = target.sign(call, query);
        }
        String path =
                pick(
                        random,
                        "/bigbluebutton/api/",
                        "/bigbluebutton/",
                        "//bigbluebutton/api/",
                        "/",
                        "",
                        "*",
                        "/api/v1/",
                        "http://x/");
        String body = pick(random, "", "", "x=1", "<modules/>", "<a>", "\u0000\u0001");
        String text =
                pick(
                                random, "GET", "GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE",
                                "get", "", "CONNECT")
                        + pick(random, " ", " ", " ", "  ", "\t")
                        + path
                        + call
                        + pick(random, "?", "?", "?", "", "??", "#", ";")
                        + query
                        + pick(
                                random,
                                " HTTP/1.1\r\n",
                                " HTTP/1.1\r\n",
                                " HTTP/1.1\r\n",
                                " HTTP/1.1\n",
                                " HTTP/9.9\r\n",
                                "\r\n")
                        + pick(
                                random,
                                "Host: x\r\n",
                                "Host: x\r\n",
                                "",
                                "Host: a\r\nHost: b\r\n",
                                "Host: \u0001\r\n",
                                "Host\r\n")
                        + pick(
                                random,
                                "",
                                "Content-Type: " + FORM + "\r\n",
                                "Content-Type: text/xml\r\n",
                                "Content-Type: ;;\r\n",
                                "Content-Type: \u00e9/\r\n")
                        + pick(
                                random,
                                "",
                                "Content-Length: " + body.length() + "\r\n",
                                "Content-Length: -1\r\n",
                                "Content-Length: x\r\n",
                                "Content-Length: 0\r\nContent-Length: 5\r\n",
                                "Transfer-Encoding: chunked\r\n",
                                "Transfer-Encoding: x\r\n")
                        + pick(
                                random,
                                "",
                                "Authorization: Bearer x\r\n",
                                "Authorization: \u0000\r\n",
                                "X-Forwarded-Host: a b\r\n",
                                "Expect: 100-continue\r\n",
                                ": x\r\n")
                        + "Connection: close\r\n\r\n"
                        + body;
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String query(Random random) {
        var query = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            query.append(
                            pick(
                                    random,
                                    "meetingID",
                                    "name",
                                    "fullName",
                                    "checksum",
                                    "redirect",
                                    "%",
                                    "\u00ff",
                                    "",
                                    "meta_\u0001",
                                    "logoutURL"))
                    .append(pick(random, "=", "=", "=", "", "=="))
                    .append(
                            pick(
                                    random,
                                    "nope",
                                    "",
                                    "%0d%0a",
                                    "%",
                                    "%u1234",
                                    "\u00e9",
                                    "%F0%9F",
                                    "a,b",
                                    "true",
                                    "https%3A%2F%2Fx",
                                    "{}|^`\"<>"))
                    .append(pick(random, "&", "&", "&&", ";", ""));
        }
        return query.toString();
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static void nothingIsRegistered() {
        assertThat(balancer.admin("GET", "/meetings", "").body()).isEqualTo("[]");
    }

    private static void expectFailed(Target.Answer answer, String... keys) {
        assertThat(answer.status()).as(answer.body()).isIn(200, 413);
        assertThat(answer.header("Content-Type")).isEqualTo("text/xml;charset=utf-8");
        assertThat(answer.text("returncode")).as(answer.body()).isEqualTo("FAILED");
        assertThat(answer.text("messageKey")).as(answer.body()).isIn((Object[]) keys);
    }

    private static void expectRefused(RawHttp.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(200, 400, 413, 414, 431);
        try {
            var xml =
                    XmlReading.parse(
                            answer.body().getBytes(StandardCharsets.UTF_8), XmlLimits.ANSWER);
            assertThat(xml.textOf("returncode")).isEqualTo("FAILED");
            assertThat(xml.textOf("messageKey")).isNotEmpty();
        } catch (dev.plimsoll.bbb.MalformedXml e) {
            throw new AssertionError("no XML: " + answer, e);
        }
    }
}
