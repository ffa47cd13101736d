// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Speaks HTTP/1.1 byte by byte, as no well-behaved client would. One connection per request.
///
/// @param port on 127.0.0.1
public record RawHttp(int port) {

    private static final int PATIENCE = 15_000;

    /// Writes a request, or something else.
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /// What came back until the server closed the connection; status 0 when nothing did.
    public record Answer(int status, List<String> headers, String body) {

        /// The header's value; empty text when there is none.
        public String header(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /// Sends a request line such as `GET /path`, without body, in UTF-8.
    public Answer send(String line) {
        return send(line, List.of(), out -> {});
    }

    /// Sends a request.
    ///
    /// @param line such as `POST /path`
    public Answer send(String line, List<String> headers, Writing body) {
        var head = new StringBuilder(line).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        head.append("Connection: close\r\n\r\n");
        return exchange(out -> {
            out.write(head.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            body.to(out);
        });
    }

    /// Sends just these bytes and no more, and reads what comes. That the other side stops listening before all is sent is no
    /// failure here.
    public Answer exchange(Writing writing) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            try {
                writing.to(socket.getOutputStream());
                socket.getOutputStream().flush();
                socket.shutdownOutput();
            } catch (IOException e) {
                // It has said what it had to say; read that.
            }
            return parse(read(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Socket socket) {
        var bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (IOException e) {
            // Reset: what came before it counts.
        }
        return bytes.toByteArray();
    }

    private static Answer parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(0, List.of(), text);
        }
        var lines = text.substring(0, end).lines().toList();
        String[] status = lines.getFirst().split(" ", 3);
        return new Answer(
                Integer.parseInt(status[1]),
                lines.subList(1, lines.size()),
                text.substring(end + 4));
    }
}
