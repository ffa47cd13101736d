// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.bbb.ServerReply.Unreachable;
import dev.plimsoll.config.Secret;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Against a server of our own that misbehaves.
final class BbbClientTest {

    private static final Duration PATIENT = Duration.ofSeconds(5);
    private static final Duration HASTY = Duration.ofMillis(300);
    private static final Duration MARGIN = Duration.ofMillis(700);

    private static final String INFO = Samples.text("11-get-meeting-info.xml");
    private static final ServerCall READ =
            ServerCall.read("getMeetingInfo", Params.of("meetingID", "maths-101"));
    private static final ServerCall CREATE =
            ServerCall.act("create", Params.of("meetingID", "maths-101"), Optional.empty());

    private final BbbClient client = client(8);
    private final CountDownLatch never = new CountDownLatch(1);

    private BbbClient client(int connections) {
        var settings =
                new BbbSettings(Duration.ofSeconds(1), PATIENT, PATIENT, 1_000_000, connections);
        return new BbbClient(settings, new Metrics());
    }

    @AfterEach
    void close() {
        never.countDown();
        client.close();
    }

    @Test
    void readsAnAnswerAndKeepsItWordForWord() throws Exception {
        try (var server = RawServer.answering("200 OK", "text/xml;charset=utf-8", INFO)) {
            var reply = (ServerReply.Success) client.call(endpoint(server), READ, PATIENT);
            assertThat(reply.document().bytes()).asString().isEqualTo(INFO);
            assertThat(reply.document().contentType()).isEqualTo("text/xml;charset=utf-8");
            assertThat(reply.document().root().textOf("meetingID")).isEqualTo("maths-101");
        }
    }

    @Test
    void asksInTheBytesThatItSigned() throws Exception {
        try (var server = RawServer.answering("200 OK", "text/xml", INFO)) {
            var params = Params.parse("meetingID=a%2fb&name=Z%c3%b6 é+[1]|%zz&x=~*!'()&&y");
            client.call(endpoint(server), ServerCall.read("getMeetingInfo", params), PATIENT);
            String line = server.requests.getFirst().lines().findFirst().orElseThrow();
            assertThat(line)
                    .startsWith(
                            "GET /bigbluebutton/api/getMeetingInfo?meetingID=a%2fb&name=Z%c3%b6%20%C3%A9+[1]%7C%25zz&x=~*!'()&y&checksum=")
                    .endsWith(" HTTP/1.1");
            String query = line.substring(line.indexOf('?') + 1, line.lastIndexOf(' '));
            String checksum = query.substring(query.length() - 64);
            assertThat(
                            Checksum.matches(
                                    checksum,
                                    "getMeetingInfo",
                                    Checksum.cut(query, checksum),
                                    List.of(new Secret("s")),
                                    Set.of(Checksum.Algorithm.SHA256)))
                    .isTrue();
            assertThat(server.requests.getFirst()).doesNotContain("Upgrade");
        }
    }

    @Test
    void postsABodyUntouched() throws Exception {
        try (var server = RawServer.answering("200 OK", "text/xml", INFO)) {
            for (String type :
                    new String[] {
                        "application/xml",
                        "multipart/form-data; boundary=----x",
                        "text/xml; charset=UTF-8",
                        "odd"
                    }) {
                var body = new ServerCall.Body(type, "<m>é</m>".getBytes(StandardCharsets.UTF_8));
                client.call(
                        endpoint(server),
                        ServerCall.act("create", Params.NONE, Optional.of(body)),
                        PATIENT);
                assertThat(server.requests.getLast())
                        .startsWith("POST /bigbluebutton/api/create?checksum=")
                        .contains("\r\nContent-Type: " + type + "\r\n")
                        .endsWith("\r\n\r\n<m>é</m>");
            }
        }
    }

    @Test
    void keepsItsConnections() throws Exception {
        try (var server = RawServer.answering("200 OK", "text/xml", INFO)) {
            for (int i = 0; i < 5; i++) {
                client.call(endpoint(server), READ, PATIENT);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aRefusalIsPassedOnWithItsKey() throws Exception {
        String answer = Samples.text("04-create-id-not-unique.xml");
        try (var server = RawServer.answering("200 OK", "text/xml", answer)) {
            var reply = (ServerReply.Refused) client.call(endpoint(server), CREATE, PATIENT);
            assertThat(reply.messageKey()).isEqualTo("idNotUnique");
            assertThat(reply.document().bytes()).asString().isEqualTo(answer);
        }
    }

    @Test
    void aRedirectIsReportedAndNotFollowed() throws Exception {
        var moved = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nhi";
        try (var server = new RawServer((connection, _) -> RawServer.write(connection, moved))) {
            assertThat(client.call(endpoint(server), READ, PATIENT))
                    .isEqualTo(new ServerReply.Redirected("/elsewhere"));
            assertThat(server.requests).hasSize(1);
            assertThat(client.<MeetingsReply>meetings(endpoint(server), PATIENT, answer -> answer))
                    .isEqualTo(
                            new MeetingsReply.Unusable(
                                    Failure.broken("answers getMeetings with a redirect")));
        }
    }

    /// Eight polls are taken apart at the same time; here each takes its time.
    @Test
    void whoWaitsForATurnIsNotLate() throws Exception {
        String answer = Samples.text("14-get-meetings.xml");
        var inHand = new CountDownLatch(BbbClient.POLLS);
        var end = new CountDownLatch(1);
        try (var server = RawServer.answering("200 OK", "text/xml", answer)) {
            var busy =
                    Together.begin(() ->
                            Together.all(
                                    BbbClient.POLLS,
                                    _ ->
                                            client.poll(
                                                    endpoint(server),
                                                    PATIENT,
                                                    _ -> {
                                                        inHand.countDown();
                                                        return Together.await(end);
                                                    })));
            Together.await(inHand);
            var other = RawServer.answering("200 OK", "text/xml", answer);
            try (other) {
                var waits =
                        Together.begin(() -> client.poll(endpoint(other), HASTY, reply -> reply));
                assertThatThrownBy(() -> waits.get(HASTY.toMillis() * 3 / 2, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
                end.countDown();
                assertThat(Together.result(waits)).isInstanceOf(MeetingsReply.Meetings.class);
            }
            assertThat(Together.result(busy)).hasSize(BbbClient.POLLS).containsOnly(true);
        }
    }

    @Test
    void listsMeetings() throws Exception {
        String answer = Samples.text("14-get-meetings.xml");
        try (var server = RawServer.answering("200 OK", "text/xml", answer)) {
            var reply =
                    (MeetingsReply.Meetings)
                            client.meetings(endpoint(server), PATIENT, whole -> whole);
            assertThat(reply.list()).hasSize(2);
        }
    }

    @Test
    void readsTheVersionWithoutSigning() throws Exception {
        String answer =
                "<response><returncode>SUCCESS</returncode><bbbVersion>3.0.18</bbbVersion></response>";
        try (var server = RawServer.answering("200 OK", "text/xml", answer)) {
            assertThat(client.version(endpoint(server), PATIENT)).isEqualTo("3.0.18");
            assertThat(server.requests.getFirst()).startsWith("GET /bigbluebutton/api HTTP/1.1");
        }
        try (var server = RawServer.answering("502 Bad Gateway", "text/html", "<html>")) {
            assertThat(client.version(endpoint(server), PATIENT)).isEmpty();
        }
    }

    @Test
    void aRefusedConnectionDeliversNothing() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        expect(endpoint(port), "refuses connections", Delivery.NOT_DELIVERED, PATIENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 5000})
    void aServerThatDoesNotAcceptConnectionsDeliversNothing(int within) throws Exception {
        // With nobody to accept and its queue full, the kernel lets new connections hang.
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var waiting = new ArrayList<Socket>();
            while (connects(full, waiting)) {}
            expect(
                    endpoint(full.getLocalPort()),
                    "does not accept connections in time",
                    Delivery.NOT_DELIVERED,
                    Duration.ofMillis(within));
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static boolean connects(ServerSocket server, List<Socket> waiting) throws IOException {
        var socket = new Socket();
        waiting.add(socket);
        try {
            socket.connect(
                    new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void aNameThatDoesNotResolveDeliversNothing() {
        var nowhere = Endpoint.of("http://nowhere.invalid", new Secret("s"));
        expect(nowhere, "has a host name that does not resolve", Delivery.NOT_DELIVERED, PATIENT);
    }

    @Test
    void aServerWithoutTlsDeliversNothing() throws Exception {
        try (var server =
                new RawServer((connection, _) -> RawServer.write(connection, "never asked"))) {
            var tls = Endpoint.of("https://127.0.0.1:" + server.port(), new Secret("s"));
            // It waits for an end of the line that never comes, and then is told of a TLS hello.
            var reply = (Unreachable) client.call(tls, CREATE, HASTY);
            assertThat(reply.delivery()).isEqualTo(Delivery.NOT_DELIVERED);
            assertThat(reply.waited()).isLessThan(HASTY.plus(MARGIN));
        }
    }

    @Test
    void aCallThatFindsNoFreeConnectionWasNotDelivered() throws Exception {
        var asked = new CountDownLatch(1);
        try (var one = client(1);
                var server =
                        new RawServer((connection, _) -> {
                            asked.countDown();
                            hang();
                            connection.close();
                        })) {
            var first =
                    Thread.startVirtualThread(() -> one.call(endpoint(server), CREATE, PATIENT));
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            var reply = (Unreachable) one.call(endpoint(server), CREATE, HASTY);
            assertThat(reply.delivery()).isEqualTo(Delivery.NOT_DELIVERED);
            assertThat(reply.reason()).contains("bbb.max-connections");
            assertThat(reply.waited()).isLessThan(HASTY.plus(MARGIN));
            assertThat(server.requests).hasSize(1);
            never.countDown();
            first.join();
        }
    }

    @Test
    void aServerThatNeverAnswersIsNotWaitedFor() throws Exception {
        try (var server = new RawServer((_, _) -> hang())) {
            expect(endpoint(server), "does not answer in time", Delivery.UNKNOWN, HASTY);
            assertThat(client.<MeetingsReply>meetings(endpoint(server), HASTY, answer -> answer))
                    .isEqualTo(new MeetingsReply.Unusable(Failure.late()));
        }
    }

    @Test
    void aServerThatSendsAByteNowAndThenIsNotWaitedFor() throws Exception {
        try (var server =
                new RawServer((connection, _) -> {
                    RawServer.write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
                    dribble(connection);
                })) {
            expect(endpoint(server), "does not answer in time", Delivery.UNKNOWN, HASTY);
        }
        try (var server = new RawServer((connection, _) -> dribble(connection))) {
            expect(endpoint(server), "does not answer in time", Delivery.UNKNOWN, HASTY);
        }
    }

    private void dribble(Socket connection) throws IOException {
        for (char c : "HTTP/1.1 200 OK and so on, and on, and on ".repeat(9).toCharArray()) {
            connection.getOutputStream().write(c);
            if (awaitEnd(50)) {
                return;
            }
        }
    }

    @Test
    void aConnectionOfALateCallIsNotUsedAgain() throws Exception {
        var first = new AtomicBoolean(true);
        try (var server =
                new RawServer((connection, _) -> {
                    if (first.getAndSet(false)) {
                        hang();
                    }
                    RawServer.send(connection, "200 OK", "text/xml", INFO);
                })) {
            expect(endpoint(server), "does not answer in time", Delivery.UNKNOWN, HASTY);
            assertThat(client.call(endpoint(server), READ, PATIENT))
                    .isInstanceOf(ServerReply.Success.class);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionResetAfterACreateIsNotTriedAgain() throws Exception {
        try (var server = new RawServer((connection, _) -> RawServer.reset(connection))) {
            expect(
                    endpoint(server),
                    "closes the connection in the middle",
                    Delivery.UNKNOWN,
                    PATIENT);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void halfAnAnswerIsNone() throws Exception {
        try (var server =
                new RawServer((connection, _) -> {
                    RawServer.write(
                            connection, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + INFO);
                    connection.close();
                })) {
            expect(
                    endpoint(server),
                    "closes the connection in the middle",
                    Delivery.UNKNOWN,
                    PATIENT);
        }
    }

    @Test
    void whatIsNoAnswerOfBigBlueButtonIsNamed() throws Exception {
        String doctype = "<!DOCTYPE response [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>";
        expectOf("200 OK", "<html><br><p>Welcome to nginx!", "answers something that is not XML");
        expectOf("200 OK", "<html><body/></html>", "answers XML without a return code");
        expectOf("200 OK", "", "answers something that is not XML");
        expectOf("200 OK", doctype + INFO, "answers something that is not XML");
        expectOf("500 Internal Server Error", INFO, "answers HTTP 500");
        expectOf("404 Not Found", "<html/>", "answers HTTP 404");
        expectOf("200 OK", Samples.text("06-checksum-error.xml"), "refuses our secret");
    }

    private void expectOf(String status, String body, String reason) throws IOException {
        try (var server = RawServer.answering(status, "text/html", body)) {
            expect(endpoint(server), reason, Delivery.UNKNOWN, PATIENT);
        }
    }

    @Test
    void aListOfMeetingsComesWithStatus200OrNotAtAll() throws Exception {
        for (String body : new String[] {Samples.text("14-get-meetings.xml"), "<html><hr>"}) {
            try (var server = RawServer.answering("502 Bad Gateway", "text/html", body)) {
                assertThat(
                                client.<MeetingsReply>meetings(
                                        endpoint(server), PATIENT, answer -> answer))
                        .isEqualTo(new MeetingsReply.Unusable(Failure.status(502)));
            }
        }
    }

    @Test
    void whatIsNoHttpIsNoAnswer() throws Exception {
        try (var server =
                new RawServer((connection, _) -> {
                    RawServer.write(connection, "SSH-2.0-OpenSSH_9.6\r\n\r\n");
                    connection.close();
                })) {
            var reply = (Unreachable) client.call(endpoint(server), CREATE, PATIENT);
            assertThat(reply.delivery()).isEqualTo(Delivery.UNKNOWN);
            assertThat(reply.waited()).isLessThan(PATIENT);
        }
    }

    @Test
    void anAnswerOverTheLimitIsCutOffAndNotReadToItsEnd() throws Exception {
        String large = "HTTP/1.1 200 OK\r\nContent-Length: 64000000\r\n\r\n";
        String endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (String head : new String[] {large, endless}) {
            try (var server =
                    new RawServer((connection, _) -> {
                        RawServer.write(connection, head);
                        byte[] chunk =
                                "1000\r\n%s\r\n"
                                        .formatted("x".repeat(0x1000))
                                        .getBytes(StandardCharsets.US_ASCII);
                        for (int sent = 0;
                                head.equals(endless) || sent < 2_000_000;
                                sent += chunk.length) {
                            connection.getOutputStream().write(chunk);
                        }
                        hang(); // 62 MB are still to come
                    })) {
                long start = System.nanoTime();
                expect(
                        endpoint(server),
                        "sends an answer larger than bbb.max-answer",
                        Delivery.UNKNOWN,
                        PATIENT);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENT);
            }
        }
    }

    @Test
    void aReadOnAKeptConnectionThatTurnsOutDeadIsSentAgainOnce() throws Exception {
        try (var server = new RawServer(BbbClientTest::answerTheFirstOfEachConnection)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.call(endpoint(server), READ, PATIENT))
                        .isInstanceOf(ServerReply.Success.class);
            }
            assertThat(server.requests).hasSize(5);
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void aCreateIsNeverSentAgain() throws Exception {
        try (var server = new RawServer(BbbClientTest::answerTheFirstOfEachConnection)) {
            client.call(endpoint(server), CREATE, PATIENT);
            expect(
                    endpoint(server),
                    "closes the connection in the middle",
                    Delivery.UNKNOWN,
                    PATIENT);
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void aCreateDoesNotFailOnAKeptConnectionThatTheServerHasClosed() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server =
                new RawServer((connection, _) -> {
                    RawServer.send(connection, "200 OK", "text/xml", INFO);
                    connection.close();
                    closed.countDown();
                })) {
            client.call(endpoint(server), CREATE, PATIENT);
            assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(client.call(endpoint(server), CREATE, PATIENT))
                    .isInstanceOf(ServerReply.Success.class);
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void aReadIsNotSentAThirdTime() throws Exception {
        try (var server = new RawServer((connection, _) -> connection.close())) {
            var reply = (Unreachable) client.call(endpoint(server), READ, PATIENT);
            assertThat(reply.reason()).isEqualTo("closes the connection in the middle");
            assertThat(server.requests.size()).isLessThanOrEqualTo(2);
        }
    }

    private static void answerTheFirstOfEachConnection(Socket connection, int nth)
            throws IOException {
        if (nth == 1) {
            RawServer.send(connection, "200 OK", "text/xml", INFO);
        } else {
            connection.close();
        }
    }

    private void expect(Endpoint endpoint, String reason, Delivery delivery, Duration within) {
        long start = System.nanoTime();
        var reply = client.call(endpoint, CREATE, within);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(within.plus(MARGIN));
        assertThat(reply).isInstanceOf(Unreachable.class);
        assertThat(((Unreachable) reply).reason()).isEqualTo(reason);
        assertThat(((Unreachable) reply).delivery()).isEqualTo(delivery);
    }

    private void hang() {
        awaitEnd(10_000);
    }

    /// Whether the test ended while we waited so long.
    private boolean awaitEnd(long millis) {
        try {
            return never.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static Endpoint endpoint(RawServer server) {
        return endpoint(server.port());
    }

    private static Endpoint endpoint(int port) {
        return Endpoint.of("http://127.0.0.1:" + port, new Secret("s"));
    }
}
