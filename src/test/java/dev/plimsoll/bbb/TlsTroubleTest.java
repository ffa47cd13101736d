// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;
import dev.plimsoll.telemetry.Metrics;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// What operators read when a secure connection does not come about, over real sockets.
@Timeout(30)
final class TlsTroubleTest {

    private static final char[] PASSWORD = "of the test".toCharArray();

    @TempDir private Path directory;

    private final BbbClient client =
            new BbbClient(BbbSettings.read(Config.load(Optional.empty(), Map.of())), new Metrics());

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aCertificateThatNobodySignedIsNamed() throws Exception {
        var server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        server.start();
        try {
            expect(
                    server.getAddress().getPort(),
                    Trouble.CERTIFICATE,
                    "has a TLS problem: nobody whom we trust signed its certificate; install the full chain on"
                            + " the server, or its authority here");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerThatSpeaksNoTlsHasAProblemWithIt() throws Exception {
        try (var listening = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            expect(
                    listening.getLocalPort(),
                    Trouble.CERTIFICATE,
                    "has a TLS problem: is its certificate valid and complete?");
        }
    }

    @Test
    void aServerThatHangsUpAtOnceIsNotSuspectedOfABadCertificate() throws Exception {
        try (var listening = answering("")) {
            expect(listening.getLocalPort(), Trouble.REFUSED, "closes the connection at once");
        }
    }

    /// Answers whatever comes with this text, and hangs up.
    private static ServerSocket answering(String text) throws IOException {
        var listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            try (var socket = listening.accept()) {
                                // What is not read would make the end a reset.
                                byte[] head = socket.getInputStream().readNBytes(5);
                                socket.getInputStream()
                                        .readNBytes((head[3] << 8) | (head[4] & 0xff));
                                socket.getOutputStream()
                                        .write(text.getBytes(StandardCharsets.US_ASCII));
                            }
                        }
                    } catch (IOException e) {
                        // Closed: the test is over.
                    }
                });
        return listening;
    }

    private void expect(int port, Trouble trouble, String reason) {
        var endpoint =
                Endpoint.of("https://localhost:" + port + "/bigbluebutton/", new Secret("s"));
        assertThat(client.<MeetingsReply>poll(endpoint, Duration.ofSeconds(5), reply -> reply))
                .isEqualTo(new MeetingsReply.Unusable(new Failure(trouble, reason)));
        assertThat(client.knock(endpoint, Duration.ofSeconds(5)))
                .contains(new Failure(trouble, reason));
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private SSLContext selfSigned() throws IOException, InterruptedException {
        Path file = directory.resolve("keys");
        var made =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD),
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost")
                        .redirectErrorStream(true)
                        .start();
        assertThat(made.waitFor()).isZero();
        try (var in = Files.newInputStream(file)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            var managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(keys, PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
