// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.config.Secret;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A BigBlueButton API as a frontend sees it: an address and a secret. It may be a simulator or the balancer.
///
/// @param api with a final slash
public record Target(URI api, Secret secret) {

    static {
        Logging.use(new LogSettings(false, "WARN")); // else Helidon tells of each port
    }

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /// An answer, not followed if it is a redirect.
    public record Answer(HttpResponse<byte[]> http) {

        public int status() {
            return http.statusCode();
        }

        public String body() {
            return new String(http.body(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        public Element xml() {
            try {
                return XmlReading.parse(http.body(), XmlLimits.ANSWER);
            } catch (MalformedXml e) {
                throw new AssertionError(
                        "no XML in an answer of status " + status() + ": " + body(), e);
            }
        }

        public String text(String name) {
            return xml().textOf(name);
        }
    }

    /// A GET signed with SHA-1.
    public Answer get(String call, String query) {
        return raw(call, Checksum.signed(Checksum.Algorithm.SHA1, call, query, secret));
    }

    /// A GET with just this query.
    public Answer raw(String call, String query) {
        return send(HttpRequest.newBuilder(uri(call, query)));
    }

    /// A POST with just this query; without Content-Type when the type is empty.
    public Answer post(String call, String query, String contentType, String body) {
        var request = HttpRequest.newBuilder(uri(call, query)).POST(BodyPublishers.ofString(body));
        return send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
    }

    /// The query with its SHA-1 checksum.
    public String sign(String call, String query) {
        return Checksum.signed(Checksum.Algorithm.SHA1, call, query, secret);
    }

    public URI uri(String call, String query) {
        return URI.create(api + call + (query.isEmpty() ? "" : "?" + query));
    }

    public static Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(
                    HTTP.send(
                            request.timeout(Duration.ofSeconds(10)).build(),
                            BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
