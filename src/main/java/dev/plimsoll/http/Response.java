// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// One HTTP response as a value.
///
/// @param headers besides content type and length; values hold no line breaks
public record Response(int status, Map<String, String> headers, String contentType, Body body) {

    /// @throws IllegalArgumentException when a header holds a line break or another control character
    public Response {
        requireOneLine(contentType);
        headers.forEach((name, value) -> {
            requireOneLine(name);
            requireOneLine(value);
        });
    }

    private static void requireOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw new IllegalArgumentException("a control character in a header");
            }
        }
    }

    /// What follows the headers.
    public sealed interface Body {
        /// Bytes at hand.
        record Bytes(byte[] bytes) implements Body {}

        /// Bytes written while they are made; for long or slow answers.
        record Stream(Writer writer) implements Body {}

        /// No answer at all: the connection is closed. Only the simulator misbehaves like this.
        record Dropped() implements Body {}
    }

    /// Writes a streamed body.
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /// An answer with bytes.
    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, Map.of(), contentType, new Body.Bytes(body));
    }

    /// An answer with text, in UTF-8.
    public static Response of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends the browser on.
    ///
    /// @throws IllegalArgumentException when the location holds a line break or another control character
    public static Response redirect(String location) {
        return new Response(302, Map.of("Location", location), "", new Body.Bytes(new byte[0]));
    }

    /// An answer whose body is written while it is made.
    public static Response streamed(int status, String contentType, Writer writer) {
        return new Response(status, Map.of(), contentType, new Body.Stream(writer));
    }

    /// Closes the connection without an answer.
    public static Response dropped() {
        return new Response(0, Map.of(), "", new Body.Dropped());
    }

    /// This response with one more header.
    public Response with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, more, contentType, body);
    }
}
