// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

import java.nio.charset.StandardCharsets;

/// Answers what Helidon refuses before a handler sees it: too long a line, too many headers, broken HTTP.
final class Refusals implements DirectHandler {

    private final Handler surface;

    private Refusals(Handler surface) {
        this.surface = surface;
    }

    /// @param surface words the refusals
    static DirectHandlers by(Handler surface) {
        var refusals = new Refusals(surface);
        var builder = DirectHandlers.builder();
        for (var type : EventType.values()) {
            builder.addHandler(type, refusals);
        }
        return builder.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            String message) {
        return refuse(status);
    }

    private TransportResponse refuse(Status status) {
        var answer = answer(status.code());
        var body = answer.body() instanceof Response.Body.Bytes(byte[] bytes) ? bytes : new byte[0];
        return TransportResponse.builder()
                .status(Status.create(answer.status()))
                .keepAlive(false)
                .header(HeaderValues.create(HeaderNames.CONTENT_TYPE, answer.contentType()))
                .entity(new String(body, StandardCharsets.UTF_8))
                .build();
    }

    private Response answer(int status) {
        return switch (status) {
            case 413 -> tooLong(status, Limit.BODY);
            case 414 -> tooLong(status, Limit.URL);
            case 400 -> {
                surface.limited(Limit.BAD_HTTP);
                yield broken(status);
            }
            case 431 -> tooLong(status, Limit.BAD_HTTP);
            case 505 ->
                    surface.refused(
                            505,
                            "badRequest",
                            "Please speak HTTP/1.1; nginx does with proxy_http_version 1.1.");
            default ->
                    // Helidon calls some of a caller's mistakes its own; ours never come here.
                    broken(status < 500 ? status : 400);
        };
    }

    private Response broken(int status) {
        return surface.refused(status, "badRequest", "This is not a valid HTTP request.");
    }

    private Response tooLong(int status, Limit limit) {
        surface.limited(limit);
        return surface.refused(status, "requestTooLarge", "The request is too long.");
    }
}
