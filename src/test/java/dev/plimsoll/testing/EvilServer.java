// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that answers with whatever bytes a test gives it, and until then like a decent BigBlueButton server with
/// the meetings it was asked to create.
public final class EvilServer implements AutoCloseable {

    /// Answers one request, in HTTP or not.
    @FunctionalInterface
    public interface Mischief {
        void answer(OutputStream out) throws IOException;
    }

    /// Answers one request whose body is still to come.
    @FunctionalInterface
    public interface Exchange {
        /// @param head its request line and headers
        void with(String head, InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<String> meetings = ConcurrentHashMap.newKeySet();
    private final AtomicInteger spoiled = new AtomicInteger();
    private volatile Mischief mischief = out -> {};
    private volatile Conduct conduct = Conduct.DECENT;
    private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();

    private enum Conduct {
        DECENT,
        EVIL
    }

    private EvilServer(ServerSocket listening) {
        this.listening = listening;
    }

    public static EvilServer start() {
        try {
            var server = new EvilServer(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI api() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/bigbluebutton/api/");
    }

    /// Answers everything like this from now on.
    public void turn(Mischief evil) {
        mischief = evil;
        conduct = Conduct.EVIL;
    }

    /// How many creates were answered with mischief.
    public int spoiledCreates() {
        return spoiled.get();
    }

    /// Answers one call like this from now on, and stays decent otherwise.
    public void turn(String call, Exchange exchange) {
        exchanges.put(call, exchange);
    }

    public void repent() {
        conduct = Conduct.DECENT;
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    /// One request per connection.
    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            String head = head(in);
            String line = head.lines().findFirst().orElse("");
            var out = socket.getOutputStream();
            if (conduct == Conduct.EVIL && line.contains("/api/create?")) {
                spoiled.incrementAndGet();
            }
            var exchange = exchanges.get(line.replaceAll(".*/api/(\\w*)\\?.*", "$1"));
            if (exchange != null) {
                exchange.with(head, in, out);
            } else if (!line.isEmpty() && conduct == Conduct.EVIL) {
                mischief.answer(out);
            } else if (!line.isEmpty()) {
                http(out, "", decent(line).getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
        } catch (IOException e) {
            // The balancer had enough of it.
        } finally {
            open.remove(socket);
        }
    }

    /// Up to the empty line; empty text when the connection ends before it.
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private String decent(String line) {
        if (line.contains("/api/create?")) {
            String id = line.replaceAll(".*[?&]meetingID=([^& ]*).*", "$1");
            meetings.add(id);
            return "<response><returncode>SUCCESS</returncode><meetingID>%s</meetingID>%s</response>"
                    .formatted(id, details(id));
        }
        var list = new StringBuilder();
        meetings.forEach(id ->
                list.append(
                        "<meeting><meetingID>%s</meetingID>%s</meeting>"
                                .formatted(id, details(id))));
        return "<response><returncode>SUCCESS</returncode><meetings>%s</meetings></response>"
                .formatted(list);
    }

    private static String details(String id) {
        return "<internalMeetingID>%s-1772546709112</internalMeetingID><createTime>1772546709112</createTime>"
                .formatted(id);
    }

    /// An answer with status 200.
    ///
    /// @param headers whole lines, each with its line break, or empty text
    public static void http(OutputStream out, String headers, byte[] body) throws IOException {
        head(out, headers + "Content-Length: " + body.length + "\r\n");
        out.write(body);
    }

    /// The beginning of an answer with status 200, up to where the body begins.
    public static void head(OutputStream out, String headers) throws IOException {
        head(out, "200 OK", "Content-Type: text/xml\r\n" + headers);
    }

    /// An answer without a body.
    ///
    /// @param headers whole lines, each with its line break, or empty text
    public static void empty(OutputStream out, String status, String headers) throws IOException {
        head(out, status, headers + "Content-Length: 0\r\n");
    }

    private static void head(OutputStream out, String status, String headers) throws IOException {
        out.write(
                ("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
