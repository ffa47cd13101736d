// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that answers each request as a test says, byte by byte, and so can misbehave in every way.
final class RawServer implements AutoCloseable {

    /// What is done with a request. A connection whose request is not answered is closed by the test's code.
    interface Behaviour {
        /// @param nth of its connection, from 1
        void answer(Socket connection, int nth) throws IOException;
    }

    private final ServerSocket listening;
    private final Behaviour behaviour;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /// Heads of the requests that came, in order.
    final List<String> requests = new CopyOnWriteArrayList<>();

    RawServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    static RawServer answering(String status, String contentType, String body) {
        return new RawServer((connection, _) -> send(connection, status, contentType, body));
    }

    static void send(Socket connection, String status, String contentType, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        write(
                connection,
                "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(status, contentType, bytes.length));
        connection.getOutputStream().write(bytes);
    }

    static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    int port() {
        return listening.getLocalPort();
    }

    int connections() {
        return accepted.get();
    }

    private void accept() {
        try {
            while (true) {
                var connection = listening.accept();
                connections.add(connection);
                accepted.incrementAndGet();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            int nth = 1;
            for (String head = head(connection); !head.isEmpty(); head = head(connection)) {
                requests.add(head);
                behaviour.answer(connection, nth);
                nth++;
            }
        } catch (IOException e) {
            // the client went away, or the behaviour closed the connection
        } finally {
            connections.remove(connection);
        }
    }

    /// One request with its body, as it came.
    private static String head(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        var bytes = new ByteArrayOutputStream();
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            bytes.write(b);
            head = b == '\n' ? bytes.toString(StandardCharsets.UTF_8) : head;
        }
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
