// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Config;
import dev.plimsoll.http.RawClient.Answer;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;
import dev.plimsoll.telemetry.RequestId;
import dev.plimsoll.testing.Alone;
import dev.plimsoll.testing.Heap;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Over raw sockets, since what counts here is what happens to bytes that no decent client sends.
@Alone
final class HttpServerTest {

    private static final int BODY_LIMIT = 10_000;

    private final Queue<Limit> limits = new ConcurrentLinkedQueue<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private CountDownLatch inside = new CountDownLatch(1);
    private HttpServer server = start(settings(List.of("127.0.0.1"), Duration.ofSeconds(30)));

    @BeforeAll
    static void logLittle() {
        Logging.use(new LogSettings(false, "OFF"));
    }

    @AfterEach
    void close() {
        goOn.countDown();
        server.close();
    }

    @Test
    void aHandlerSeesTheRawQueryAndTheDecodedPath() throws IOException {
        assertThat(get("/api/echo/a%20b?x=%c3%a8+1&&y=%zz&checksum=1").body())
                .isEqualTo("GET /api/echo/a b ? x=%c3%a8+1&&y=%zz&checksum=1");
        assertThat(get("/api/echo").body()).isEqualTo("GET /api/echo ? ");
        assertThat(get("/api/echo?a=[1]|\"<>{}^`\\").body()).endsWith("a=[1]|\"<>{}^`\\");
    }

    @Test
    void theLongestPathThatFitsAnswers() throws IOException {
        assertThat(get("/api/echo").head()).contains("application/x-api");
        assertThat(get("/api").head()).contains("application/x-api");
        assertThat(get("/apis/echo").body()).startsWith("fallback");
        assertThat(get("/").body()).startsWith("fallback");
    }

    @Test
    void aLongUrlIsTakenUpToTheLimit() throws IOException {
        String query = "x".repeat(60_000);
        assertThat(get("/api/echo?" + query).body()).endsWith(query);
        var tooLong = get("/api/echo?" + "x".repeat(70_000));
        assertThat(tooLong.status()).isEqualTo(414);
        assertThat(tooLong.body()).isEqualTo("refused requestTooLarge: The request is too long.");
    }

    @Test
    void aLongAnswerOnAKeptConnectionDoesNotWaitForTheAcknowledgementOfItsFirstPiece()
            throws IOException {
        var took = new ArrayList<Long>();
        try (var client = new RawClient(server.port())) {
            for (int i = 0; i < 40; i++) {
                long start = System.nanoTime();
                client.send(
                        "GET /api/echo?%s HTTP/1.1\r\nHost: h\r\n\r\n"
                                .formatted("x".repeat(20_000)));
                assertThat(client.answer().body()).hasSizeGreaterThan(20_000);
                took.add(System.nanoTime() - start);
            }
        }
        // Without TCP_NODELAY, 40 ms on Linux.
        assertThat(took.stream().sorted().skip(20).findFirst().orElseThrow())
                .isLessThan(TimeUnit.MILLISECONDS.toNanos(30));
    }

    @Test
    void headersAreTakenUpToTheLimit() throws IOException {
        assertThat(get("/api/echo", "X-Long: " + "x".repeat(60_000)).status()).isEqualTo(200);
        for (String many :
                List.of("X-Long: " + "x".repeat(70_000), "X-Y: z\r\n".repeat(20_000) + "A: b")) {
            var answer = get("/api/echo", many);
            assertThat(answer.status()).isIn(400, 413, 431);
            assertThat(answer.body()).startsWith("refused ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /api/echo\r\n\r\n",
                "GET /api/echo HTTP/9.9\r\nHost: h\r\n\r\n",
                "GET /api/echo HTTP/1.1\r\nno colon\r\n\r\n",
                "GET /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\n\r\n",
                "POST /api/body HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
                "POST /api/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"
            })
    void brokenHttpIsRefusedAndTheServerLives(String request) throws IOException {
        try (var client = new RawClient(server.port())) {
            client.send(request);
            var answer = client.answer();
            assertThat(answer.status()).isBetween(400, 505);
            assertThat(answer.status()).isNotEqualTo(500);
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("closed"); // an end without an answer will do
        }
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void aMethodThatNobodyKnowsReachesTheHandler() throws IOException {
        assertThat(RawClient.ask(server.port(), RawClient.request("BREW", "/api/echo")).body())
                .startsWith("BREW /api/echo");
    }

    @Test
    void theAnswerToAHeadHasNoBody() throws IOException {
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("HEAD", "/api/echo"));
            assertThat(client.answer(false).status()).isEqualTo(200);
            client.send(RawClient.request("GET", "/api/echo"));
            assertThat(client.answer().body()).startsWith("GET");
        }
    }

    @Test
    void aConnectionServesRequestAfterRequestAlsoWhenTheyComeAtOnce() throws IOException {
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("GET", "/api/echo?1"));
            assertThat(client.answer().body()).endsWith("? 1");
            client.send(
                    RawClient.request("GET", "/api/echo?2")
                            + RawClient.request("POST", "/api/body", "Content-Length: 3")
                            + "abc"
                            + RawClient.request("GET", "/api/echo?4"));
            assertThat(client.answer().body()).endsWith("? 2");
            assertThat(client.answer().body()).isEqualTo("3 bytes");
            assertThat(client.answer().body()).endsWith("? 4");
        }
    }

    @Test
    void aBodyIsReadUpToTheLimit() throws IOException {
        assertThat(post("x".repeat(BODY_LIMIT)).body()).isEqualTo(BODY_LIMIT + " bytes");
        assertThat(get("/api/body").body()).isEqualTo("0 bytes");
        var tooLarge = post("x".repeat(BODY_LIMIT + 1));
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.body())
                .isEqualTo(
                        "refused requestTooLarge: The request is too large: the body is larger than 10000 bytes.");
    }

    private Answer post(String body) throws IOException {
        return RawClient.ask(
                server.port(),
                RawClient.request("POST", "/api/body", "Content-Length: " + body.length()) + body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAHugeBodyNothingIsKeptAndTheClientGetsItsAnswer(boolean chunked) throws IOException {
        byte[] part = "x".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        var heap = new Heap();
        try (var client = new RawClient(server.port())) {
            client.send(
                    RawClient.request(
                            "POST",
                            "/api/body",
                            chunked ? "Transfer-Encoding: chunked" : "Content-Length: 100000000"));
            for (int i = 0; i < 100; i++) {
                if (chunked) {
                    client.send("F4240\r\n");
                }
                client.send(part);
                if (chunked) {
                    client.send("\r\n");
                }
                if (i % 20 == 19) {
                    heap.expectGrowthBelow(20);
                }
            }
            if (chunked) {
                client.send("0\r\n\r\n");
            }
            assertThat(client.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void aSlowBodyIsWaitedFor() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("POST", "/api/body", "Content-Length: 4"));
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            for (String letter : List.of("a", "b", "c", "d")) {
                client.send(letter);
            }
            assertThat(client.answer().body()).isEqualTo("4 bytes");
        }
    }

    @Test
    void aBodyThatNeverComesIsGivenUp() throws IOException {
        restart(settings(List.of(), Duration.ofMillis(200)));
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("POST", "/api/body", "Content-Length: 4") + "ab");
            assertThat(client.isClosed()).isTrue();
        }
        Together.until("the limit is heard of", () -> limits.contains(Limit.BODY_TIME));
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void whoDripsHeadersIsCutOffHoweverOftenABytesComes() throws Exception {
        restart(settings(List.of(), Duration.ofSeconds(20), Duration.ofMillis(400)));
        try (var client = new RawClient(server.port())) {
            // The second request of a connection is watched like the first.
            client.send(RawClient.request("GET", "/api/echo"));
            assertThat(client.answer().status()).isEqualTo(200);
            long start = System.nanoTime();
            client.send("GET /api/echo HTTP/1.1\r\nX: ");
            var dripping =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        client.send("y");
                                        LockSupport.parkNanos(50_000_000);
                                    }
                                } catch (IOException e) {
                                    // Cut off.
                                }
                            });
            assertThat(client.isClosed()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(350), Duration.ofSeconds(5));
            dripping.join();
        }
        Together.until("the limit is heard of", () -> limits.contains(Limit.HEADER_TIME));
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void theTimeForHeadersIsNeitherTheBodysNorThatOfAnIdleConnection() throws Exception {
        restart(settings(List.of(), Duration.ofSeconds(20), Duration.ofMillis(300)));
        try (var client = new RawClient(server.port())) {
            for (int i = 0; i < 2; i++) {
                LockSupport.parkNanos(600_000_000);
                client.send(RawClient.request("POST", "/api/body", "Content-Length: 4") + "ab");
                LockSupport.parkNanos(600_000_000);
                client.send("cd");
                assertThat(client.answer().body()).isEqualTo("4 bytes");
            }
        }
        assertThat(limits).isEmpty();
    }

    @Test
    void whoDoesNotReadItsAnswerIsCutOff() throws Exception {
        restart(settings(List.of(), Duration.ofMillis(300)));
        try (var client = new RawClient(server.port())) {
            // More than the sockets' buffers take.
            client.send(RawClient.request("GET", "/api/large"));
            Together.until("the limit is heard of", () -> limits.contains(Limit.ANSWER_TIME));
        }
        limits.clear();
        // Nor may many short answers add up.
        try (var client = new RawClient(server.port())) {
            var sending =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        client.send(RawClient.request("GET", "/api/echo"));
                                    }
                                } catch (IOException e) {
                                    // Cut off.
                                }
                            });
            Together.until("the limit is heard of", () -> limits.contains(Limit.ANSWER_TIME));
            sending.join();
        }
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void aBodyThatEndsEarlyHarmsNobody() throws IOException {
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("POST", "/api/body", "Content-Length: 4") + "ab");
        }
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void aBodyThatNobodyReadDoesNotBecomeTheNextRequest() throws IOException {
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("POST", "/api/echo", "Content-Length: 30"));
            client.send(
                    "GET /api/evil HTTP/1.1\r\nA: b\r\n" + RawClient.request("GET", "/api/echo?2"));
            assertThat(client.answer().body()).startsWith("POST /api/echo");
            assertThat(client.answer().body()).isEqualTo("GET /api/echo ? 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/exception", "/api/error"})
    void whatNobodyForesawBecomesAnIncidentWithoutDetails(String path) throws IOException {
        var answer = get(path + "?password=geheim");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body())
                .matches(
                        "refused internalError: Something went wrong here\\. Incident [0-9a-f]{10}\\.");
        assertThat(answer.head() + answer.body()).doesNotContain("geheim", "broken", "Exception");
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void aRedirectCarriesItsLocation() throws IOException {
        var answer = get("/api/redirect");
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.hasHeader("Location: https://h.example.org/x?a=%20&b=[1]")).isTrue();
    }

    @Test
    void aStreamedAnswerArrivesWhole() throws IOException {
        assertThat(get("/api/stream").body()).hasSize(1_000_000);
    }

    @Test
    void aStreamThatBreaksIsNotTakenForWhole() throws IOException {
        assertThatThrownBy(() -> get("/api/broken-stream")).isInstanceOf(Exception.class);
        assertThat(get("/api/echo").status()).isEqualTo(200);
    }

    @Test
    void aDroppedRequestGetsNoAnswer() throws IOException {
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("GET", "/api/drop"));
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aTrustedProxyTellsHowTheWorldReachesUs() throws IOException {
        assertThat(publicUrl()).isEqualTo("http://h.example.org");
        assertThat(publicUrl("X-Forwarded-Proto: https", "X-Forwarded-Host: bbb.example.org:8443"))
                .isEqualTo("https://bbb.example.org:8443");
        assertThat(publicUrl("X-Forwarded-Proto: https, http", "X-Forwarded-Host: a.org, b.org"))
                .isEqualTo("https://a.org");
        assertThat(publicUrl("X-Forwarded-Proto: javascript")).isEqualTo("http://h.example.org");
        assertThat(publicUrl("X-Forwarded-Host: evil.org/<x>")).doesNotContain("evil");
        assertThat(publicUrl("X-Forwarded-Host: a.org,")).isEqualTo("http://a.org");
        assertThat(publicUrl("X-Forwarded-Host: ,")).startsWith("http://");
    }

    @Test
    void nobodyElseDoes() throws IOException {
        restart(settings(List.of("192.0.2.1"), Duration.ofSeconds(30)));
        assertThat(publicUrl("X-Forwarded-Proto: https", "X-Forwarded-Host: evil.org"))
                .isEqualTo("http://h.example.org");
    }

    private String publicUrl(String... headers) throws IOException {
        return get("/api/public-url", headers).body();
    }

    @Test
    void aThousandSlowRequestsAreServedAtOnce() throws Exception {
        inside = new CountDownLatch(1000);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asking = new ArrayList<Callable<Answer>>();
            for (int i = 0; i < 1000; i++) {
                asking.add(() -> get("/api/slow"));
            }
            var opening =
                    threads.submit(() -> {
                        boolean all = inside.await(20, TimeUnit.SECONDS);
                        goOn.countDown();
                        return all;
                    });
            for (var answer : threads.invokeAll(asking)) {
                assertThat(answer.get().body()).isEqualTo("slow");
            }
            assertThat(opening.get()).as("all were inside at one time").isTrue();
        }
    }

    @Test
    void aRunningRequestFinishesWhileNewOnesAreRefused() throws Exception {
        int port = server.port();
        try (var client = new RawClient(port)) {
            client.send(RawClient.request("GET", "/api/slow"));
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            var closing = Thread.ofVirtual().start(server::close);
            awaitRefusal(port);
            assertThat(closing.isAlive()).isTrue();
            goOn.countDown();
            assertThat(client.answer().body()).isEqualTo("slow");
            assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void whatIsTooLongIsHeardOf() throws IOException {
        get("/api/echo?" + "x".repeat(70_000));
        assertThat(limits).containsExactly(Limit.URL);
        limits.clear();
        get("/api/echo", "X-Long: " + "x".repeat(70_000));
        assertThat(limits).containsExactly(Limit.BAD_HTTP);
        limits.clear();
        RawClient.ask(
                server.port(),
                RawClient.request("POST", "/api/body", "Content-Length: " + (BODY_LIMIT + 1))
                        + "x".repeat(BODY_LIMIT + 1));
        assertThat(limits).containsExactly(Limit.BODY);
    }

    private static void awaitRefusal(int port) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < deadline) {
            try (var late = new RawClient(port)) {
                late.send(RawClient.request("GET", "/api/echo"));
                late.answer();
            } catch (IOException e) {
                return;
            }
        }
        throw new AssertionError("still takes requests");
    }

    @Test
    void aRequestThatNeverEndsDoesNotHoldTheCloseForever() throws Exception {
        restart(
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        Optional.empty(),
                        List.of(),
                        65_536,
                        65_536,
                        100,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(300)));
        try (var client = new RawClient(server.port())) {
            client.send(RawClient.request("GET", "/api/slow"));
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            long start = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void anAddressInUseIsSaidInClearWords() throws IOException {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(HttpSettings.local(taken.getLocalPort())))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(
                            "cannot listen on 127.0.0.1:%d; is another program using it?"
                                    .formatted(taken.getLocalPort()));
        }
    }

    @Test
    void anAddressOfAnotherMachineIsToldFromOneInUse() {
        for (String host : List.of("192.0.2.1", "nowhere.invalid")) {
            var settings =
                    HttpSettings.read(
                            Config.load(Optional.empty(), Map.of("PLIMSOLL_HTTP_HOST", host)));
            assertThatThrownBy(() -> start(settings))
                    .hasMessageContaining(
                            "cannot listen on %s:8090; this machine has no such address"
                                    .formatted(host));
        }
    }

    private Answer get(String target, String... headers) throws IOException {
        return RawClient.get(server.port(), target, headers);
    }

    private void restart(HttpSettings settings) {
        server.close();
        server = start(settings);
    }

    private static HttpSettings settings(List<String> proxies, Duration idle) {
        return settings(proxies, idle, idle);
    }

    private static HttpSettings settings(List<String> proxies, Duration idle, Duration headerTime) {
        return new HttpSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                HttpSettingsTest.ranges(proxies.toArray(String[]::new)),
                65_536,
                65_536,
                2_000,
                idle,
                headerTime,
                idle,
                idle,
                Duration.ofSeconds(5));
    }

    private HttpServer start(HttpSettings settings) {
        return HttpServer.start(settings, new RequestId(7), List.of(new Api(), new Fallback()));
    }

    private final class Api implements Handler {

        @Override
        public void limited(Limit limit) {
            limits.add(limit);
        }

        @Override
        public String path() {
            return "/api";
        }

        @Override
        public Response handle(Request request) throws Exception {
            return switch (request.path()) {
                case "/api/body" -> {
                    inside.countDown();
                    yield text(request.body(BODY_LIMIT).length + " bytes");
                }
                case "/api/large" -> Response.of(200, "text/plain", new byte[20_000_000]);
                case "/api/exception" ->
                        throw new IllegalStateException("broken: " + request.query());
                case "/api/error" -> throw new StackOverflowError("broken: " + request.query());
                case "/api/redirect" -> Response.redirect("https://h.example.org/x?a=%20&b=[1]");
                case "/api/drop" -> Response.dropped();
                case "/api/public-url" -> text(request.publicUrl());
                case "/api/stream" ->
                        Response.streamed(
                                200,
                                "text/plain",
                                out ->
                                        out.write(
                                                "x"
                                                        .repeat(1_000_000)
                                                        .getBytes(StandardCharsets.UTF_8)));
                case "/api/broken-stream" ->
                        Response.streamed(
                                200,
                                "text/plain",
                                out -> {
                                    out.write("x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
                                    throw new IOException("the source is gone");
                                });
                case "/api/slow" -> {
                    inside.countDown();
                    goOn.await(20, TimeUnit.SECONDS);
                    yield text("slow");
                }
                default ->
                        text(
                                "%s %s ? %s"
                                        .formatted(
                                                request.method(), request.path(), request.query()));
            };
        }

        @Override
        public Response refused(int status, String key, String message) {
            return Response.of(status, "text/plain", "refused %s: %s".formatted(key, message));
        }
    }

    private static final class Fallback implements Handler {

        @Override
        public String path() {
            return "";
        }

        @Override
        public Response handle(Request request) {
            return text("fallback");
        }

        @Override
        public Response refused(int status, String key, String message) {
            return Response.of(status, "text/plain", "refused %s: %s".formatted(key, message));
        }
    }

    private static Response text(String text) {
        return Response.of(200, "application/x-api", text);
    }
}
