// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Alone;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.EvilServer;
import dev.plimsoll.testing.Heap;
import dev.plimsoll.testing.RawHttp;
import dev.plimsoll.testing.RawHttp.Answer;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// `insertDocument`: passed on while it arrives, never held, sent once; and who broke it is who is blamed.
@Alone
@Timeout(60)
final class UploadsTest {

    private static final int MEGABYTE = 1_000_000;
    private static final int LIMIT = 60 * MEGABYTE;
    private static final String UPLOADED =
            "<response><returncode>SUCCESS</returncode><message>Presentation is being uploaded</message></response>";

    private final EvilServer server = EvilServer.start();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final AtomicReference<String> head = new AtomicReference<>("");
    private final AtomicReference<String> ending = new AtomicReference<>("");
    private Balancer balancer = Balancer.start(0);
    private Target target = balancer.target();
    private RawHttp raw = new RawHttp(balancer.port());

    @BeforeEach
    void open() {
        open("20s", "60s");
    }

    private void open(String answerTimeout, String bodyTimeout) {
        balancer.close();
        balancer =
                Balancer.start(
                        0,
                        "PLIMSOLL_API_MAX_BODY",
                        String.valueOf(LIMIT),
                        "PLIMSOLL_BBB_ANSWER_TIMEOUT",
                        answerTimeout,
                        "PLIMSOLL_HTTP_BODY_TIMEOUT",
                        bodyTimeout,
                        "PLIMSOLL_POLL_FAILURES_UNTIL_OFFLINE",
                        "1",
                        // A poll under way must not mend what a call has found out.
                        "PLIMSOLL_POLL_SUCCESSES_UNTIL_ONLINE",
                        "3");
        target = balancer.target();
        raw = new RawHttp(balancer.port());
        balancer.addServer("bbb1", server.api(), new Secret("theirs"));
        assertThat(target.get("create", "name=Algebra&meetingID=alg-1").text("returncode"))
                .isEqualTo("SUCCESS");
        server.turn("insertDocument", this::take);
    }

    @AfterEach
    void close() {
        over.countDown();
        balancer.close();
        server.close();
    }

    @Test
    void aDocumentOfFiftyMegabytesPasses() {
        var answer = send(announced(50 * MEGABYTE), out -> megabytes(out, 50));
        expectUploaded(answer);
        assertThat(received.get()).isEqualTo(50L * MEGABYTE);
        assertThat(head.get())
                .contains("Content-Length: 50000000", "Content-Type: application/xml;x=y")
                .contains("/api/insertDocument?meetingID=alg-1&checksum=");
        assertThat(calls.get()).isEqualTo(1);
    }

    @Test
    void aDocumentOfUnknownLengthPasses() {
        expectUploaded(send(chunked(), out -> chunks(out, 50, "0\r\n\r\n")));
        assertThat(received.get()).isEqualTo(50L * MEGABYTE);
        assertThat(head.get()).contains("Transfer-Encoding: chunked");
        assertThat(ending.get()).isEqualTo("whole");
    }

    @Test
    void theServerHearsTheBeginningBeforeTheEndIsSent() {
        var answer =
                send(
                        announced(2),
                        out -> {
                            out.write('<');
                            out.flush();
                            Together.until("a byte is there", () -> received.get() == 1);
                            out.write('>');
                        });
        expectUploaded(answer);
        assertThat(received.get()).isEqualTo(2);
    }

    @Test
    void manyUploadsAtOneTimeAreNotHeld() {
        int many = 20;
        var under = new AtomicInteger();
        var looked = new CountDownLatch(1);
        var heap = new Heap();
        var answers =
                Together.all(
                        many,
                        _ ->
                                send(
                                        announced(20 * MEGABYTE),
                                        out -> {
                                            megabytes(out, 10);
                                            if (under.incrementAndGet() == many) {
                                                try {
                                                    heap.expectGrowthBelow(40);
                                                } finally {
                                                    looked.countDown();
                                                }
                                            }
                                            Together.await(looked);
                                            megabytes(out, 10);
                                        }));
        answers.forEach(UploadsTest::expectUploaded);
        assertThat(received.get()).isEqualTo(many * 20L * MEGABYTE);
    }

    @Test
    void whoHangsUpInTheMiddleIsNotTheServersFault() {
        for (var headers : List.of(announced(10 * MEGABYTE), chunked())) {
            ending.set("");
            // The connection is closed for writing after that.
            var answer =
                    send(
                            headers,
                            out -> {
                                if (headers.equals(chunked())) {
                                    chunks(out, 1, "");
                                } else {
                                    megabytes(out, 1);
                                }
                            });
            assertThat(answer.status()).isZero();
            Together.until("the server hears of it", () -> ending.get().equals("broken"));
        }
        expectWell();
    }

    @Test
    void whoIsSlowIsCutOffAndTheServerNotBlamed() {
        open("1s", "3s");
        var answer =
                send(
                        announced(100),
                        out -> {
                            // Longer than the server may take, and then than the sender may.
                            for (int i = 0; i < 60; i++) {
                                out.write('x');
                                out.flush();
                                pause(100);
                            }
                        });
        assertThat(answer.status()).isZero();
        Together.until("the server hears of it", () -> ending.get().equals("broken"));
        assertThat(received.get()).isGreaterThan(15);
        expectLimited("body-time");
        expectWell();
    }

    @Test
    void whoIsSlowButInTimeIsServed() {
        open("1s", "3s");
        var answer =
                send(
                        announced(15),
                        out -> {
                            for (int i = 0; i < 15; i++) {
                                out.write('x');
                                out.flush();
                                pause(100);
                            }
                        });
        expectUploaded(answer);
        expectWell();
    }

    @Test
    void aServerThatHangsUpInTheMiddleIsReported() {
        server.turn(
                "insertDocument",
                (_, in, _) -> {
                    calls.incrementAndGet();
                    in.readNBytes(MEGABYTE);
                });
        var answer = send(announced(50 * MEGABYTE), out -> megabytes(out, 50));
        expectFailed(answer, "serverUnavailable");
        assertThat(health()).contains("\"health\":\"unstable\"");
        assertThat(calls.get()).isEqualTo(1);
    }

    @Test
    void aServerThatTakesNothingIsReportedInTime() {
        open("1s", "3s");
        server.turn("insertDocument", (_, _, _) -> pause(20_000));
        var answer = send(announced(50 * MEGABYTE), out -> megabytes(out, 50));
        expectFailed(answer, "serverUnavailable");
        assertThat(health())
                .contains("\"health\":\"unstable\"")
                .contains("does not answer in time");
    }

    @Test
    void whatAServerSaysBeforeTheEndIsPassedOn() {
        String refusal =
                "<response><returncode>FAILED</returncode><message>Presentation feature is disabled, ignoring.</message></response>";
        for (var headers : List.of(announced(50 * MEGABYTE), chunked())) {
            server.turn(
                    "insertDocument",
                    (_, in, out) -> {
                        in.readNBytes(MEGABYTE);
                        EvilServer.http(out, "", refusal.getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        in.transferTo(OutputStream.nullOutputStream());
                    });
            var answer =
                    send(
                            headers,
                            out -> {
                                if (headers.equals(chunked())) {
                                    chunks(out, 50, "0\r\n\r\n");
                                } else {
                                    megabytes(out, 50);
                                }
                            });
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(refusal);
        }
        expectWell();
    }

    @Test
    void aDocumentThatTheServerCannotReadIsNotTheServersFault() {
        for (String status : List.of("500 Internal Server Error", "404 Not Found")) {
            answer(status);
            expectFailed(send(announced(0), _ -> {}), "internalError");
        }
        answer("413 Request Entity Too Large");
        expectFailed(send(announced(1), out -> out.write('x')), "requestTooLarge");
        expectWell();
        answer("502 Bad Gateway");
        expectFailed(send(announced(1), out -> out.write('x')), "serverUnavailable");
        assertThat(health()).contains("\"health\":\"unstable\"");
    }

    private void answer(String status) {
        server.turn(
                "insertDocument",
                (_, in, out) -> {
                    EvilServer.empty(out, status, "");
                    out.flush();
                    in.transferTo(OutputStream.nullOutputStream());
                });
    }

    @Test
    void whatIsTooLargeIsRefused() {
        var answer =
                send(
                        List.of(
                                "Content-Type: text/xml",
                                "Content-Length: " + (LIMIT + 1),
                                "Expect: 100-continue"),
                        _ -> {});
        expectTooLarge(answer);
        assertThat(calls.get()).isZero();
        expectTooLarge(send(announced(100 * MEGABYTE), out -> megabytes(out, 100)));
        assertThat(calls.get()).isZero();
        expectTooLarge(send(chunked(), out -> chunks(out, 100, "0\r\n\r\n")));
        assertThat(calls.get()).isEqualTo(1);
        Together.until("the server hears of it", () -> ending.get().equals("broken"));
        expectWell();
    }

    @Test
    void aConnectionGoesOnAfterAnUploadThatWasNotRead() throws IOException {
        String signed = target.sign("insertDocument", "meetingID=nope");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), balancer.port())) {
            socket.setSoTimeout(10_000);
            var out = socket.getOutputStream();
            for (int i = 0; i < 3; i++) {
                out.write(
                        ("POST /bigbluebutton/api/insertDocument?"
                                        + signed
                                        + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                megabytes(out, 1);
                var answer = new StringBuilder();
                while (answer.indexOf("</response>") < 0) {
                    answer.append((char) socket.getInputStream().read());
                }
                assertThat(answer.toString()).contains("Meeting with id [nope] not found.");
            }
        }
    }

    @Test
    void aWrongChecksumIsRefusedBeforeTheBodyIsRead() {
        for (String query : List.of("meetingID=alg-1&checksum=" + "0".repeat(40), "meetingID=a")) {
            var answer =
                    raw.send(
                            "POST /bigbluebutton/api/insertDocument?" + query,
                            announced(10 * MEGABYTE),
                            _ -> {});
            expectFailed(answer, "checksumError");
        }
        assertThat(calls.get()).isZero();
    }

    @Test
    void anUnknownMeetingIsToldWithoutWaitingForTheBody() {
        String signed = target.sign("insertDocument", "meetingID=nope");
        var answer =
                raw.send(
                        "POST /bigbluebutton/api/insertDocument?" + signed,
                        announced(10 * MEGABYTE),
                        _ -> {});
        assertThat(answer.body()).contains("Meeting with id [nope] not found.");
    }

    /// A server that reads all, and takes note of how it ended.
    private void take(String request, InputStream in, OutputStream out) throws IOException {
        calls.incrementAndGet();
        head.set(request);
        try {
            if (request.contains("chunked")) {
                takeChunks(in);
            } else {
                takeAll(
                        in,
                        Long.parseLong(request.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
            }
            ending.set("whole");
        } catch (IOException e) {
            ending.set("broken");
            throw e;
        }
        EvilServer.http(out, "", UPLOADED.getBytes(StandardCharsets.UTF_8));
    }

    private void takeChunks(InputStream in) throws IOException {
        for (long size = size(in); size > 0; size = size(in)) {
            takeAll(in, size);
            in.skipNBytes(2);
        }
    }

    private static long size(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("ended between chunks");
            }
            line.append((char) b);
        }
        return Long.parseLong(line.toString().strip(), 16);
    }

    private void takeAll(InputStream in, long bytes) throws IOException {
        byte[] buffer = new byte[10_000];
        for (long left = bytes; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new IOException("ended early");
            }
            left -= n;
            received.addAndGet(n);
        }
    }

    private Answer send(List<String> headers, RawHttp.Writing body) {
        String signed = target.sign("insertDocument", "meetingID=alg-1");
        return raw.send("POST /bigbluebutton/api/insertDocument?" + signed, headers, body);
    }

    private static List<String> announced(int length) {
        return List.of("Content-Type: application/xml;x=y", "Content-Length: " + length);
    }

    private static List<String> chunked() {
        return List.of("Content-Type: application/xml", "Transfer-Encoding: chunked");
    }

    private static void megabytes(OutputStream out, int count) throws IOException {
        byte[] megabyte = "x".repeat(MEGABYTE).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            out.write(megabyte);
        }
    }

    private static void chunks(OutputStream out, int count, String end) throws IOException {
        byte[] chunk =
                (Integer.toHexString(MEGABYTE) + "\r\n" + "x".repeat(MEGABYTE) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            out.write(chunk);
        }
        out.write(end.getBytes(StandardCharsets.US_ASCII));
    }

    private void pause(int millis) throws IOException {
        try {
            if (over.await(millis, TimeUnit.MILLISECONDS)) {
                throw new IOException("the test is over");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private String health() {
        return balancer.admin("GET", "/servers/bbb1", "").body();
    }

    private void expectWell() {
        assertThat(health()).contains("\"health\":\"online\"");
    }

    private void expectLimited(String limit) {
        var page = Target.send(HttpRequest.newBuilder(URI.create(balancer.url() + "/metrics")));
        assertThat(page.body()).contains("plimsoll_limited_total{limit=\"" + limit + "\"} 1");
    }

    private static void expectUploaded(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(UPLOADED);
    }

    private static void expectFailed(Answer answer, String key) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("<messageKey>" + key + "</messageKey>");
    }

    private static void expectTooLarge(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.body())
                .contains("<messageKey>requestTooLarge</messageKey>")
                .contains("The request is too large: the body is larger than 60000000 bytes.");
    }
}
