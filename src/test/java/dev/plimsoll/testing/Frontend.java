// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.config.Secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// A frontend that calls a balancer: signs, sends, follows no redirect.
///
/// @param base such as `http://127.0.0.1:8090`
public record Frontend(String base, Secret secret) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /// What came back.
    ///
    /// @param location where to, if it is a redirect; else empty text
    public record Reply(int status, String location, String body) {

        public Element xml() {
            try {
                return XmlReading.parse(body.getBytes(StandardCharsets.UTF_8), XmlLimits.ANSWER);
            } catch (MalformedXml e) {
                throw new AssertionError("no XML with status " + status + ": " + body, e);
            }
        }

        public String text(String name) {
            return xml().textOf(name);
        }

        public boolean succeeded() {
            return status == 200 && text("returncode").equals("SUCCESS");
        }

        public String key() {
            return text("messageKey");
        }

        /// The ids of a list of meetings, in its order.
        public List<String> meetingIds() {
            return xml().child("meetings").stream()
                    .flatMap(list -> list.children().stream())
                    .map(meeting -> meeting.textOf("meetingID"))
                    .toList();
        }
    }

    /// A call with names and values in turn.
    public Reply call(String call, String... params) {
        return raw(call, Params.of(params).query());
    }

    /// A call with just this query, signed.
    public Reply raw(String call, String query) {
        return send(HttpRequest.newBuilder(uri(call, query)));
    }

    /// A POST with just this query, signed.
    public Reply post(String call, String query, String contentType, String body) {
        return send(
                HttpRequest.newBuilder(uri(call, query))
                        .header("Content-Type", contentType)
                        .POST(BodyPublishers.ofString(body)));
    }

    /// Creates a meeting as frontends do, with some more parameters.
    public Reply create(String id, String... more) {
        return raw(
                "create",
                Params.of("name", "Room " + id, "meetingID", id).and(Params.of(more)).query());
    }

    public Reply join(String id) {
        return call("join", "fullName", "Ada", "meetingID", id, "role", "VIEWER");
    }

    public Reply end(String id) {
        return call("end", "meetingID", id);
    }

    public Reply info(String id) {
        return call("getMeetingInfo", "meetingID", id);
    }

    public Reply list() {
        return call("getMeetings");
    }

    private URI uri(String call, String query) {
        return URI.create(
                base
                        + "/bigbluebutton/api/"
                        + call
                        + "?"
                        + Checksum.signed(Checksum.Algorithm.SHA256, call, query, secret));
    }

    private static Reply send(HttpRequest.Builder request) {
        try {
            var answer =
                    HTTP.send(
                            request.timeout(Duration.ofSeconds(60)).build(),
                            BodyHandlers.ofString());
            return new Reply(
                    answer.statusCode(),
                    answer.headers().firstValue("Location").orElse(""),
                    answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
