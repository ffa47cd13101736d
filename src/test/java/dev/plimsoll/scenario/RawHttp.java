// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.testing.Frontend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// A request line as no tidy HTTP client would write it; its answer is an API document.
final class RawHttp {

    private RawHttp() {}

    /// The whole answer to a signed GET.
    static String get(Frontend api, String call, String query) {
        String signed = Checksum.signed(Checksum.Algorithm.SHA1, call, query, api.secret());
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(api.base()).getPort())) {
            socket.setSoTimeout(10_000);
            String request =
                    "GET /bigbluebutton/api/%s?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .formatted(call, signed);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new ByteArrayOutputStream();
            while (!answer.toString(StandardCharsets.UTF_8).contains("</response>")) {
                answer.write(socket.getInputStream().read());
            }
            return answer.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
