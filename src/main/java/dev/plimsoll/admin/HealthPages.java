// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.util.Optional;
import java.util.function.Supplier;

/// `/health/live`: the process runs. `/health/ready`: it can do its work, that is, the database answers and no stop
/// was asked for.
public final class HealthPages implements Handler {

    private final Supplier<Optional<String>> trouble;

    /// @param trouble what keeps us from our work, if something does
    public HealthPages(Supplier<Optional<String>> trouble) {
        this.trouble = trouble;
    }

    @Override
    public String path() {
        return "/health";
    }

    @Override
    public Response handle(Request request) {
        return switch (request.path()) {
            case "/health/live" -> text(200, "live");
            case "/health/ready" ->
                    trouble.get()
                            .map(reason -> text(503, "not ready: " + reason))
                            .orElseGet(() -> text(200, "ready"));
            default -> text(404, "not found");
        };
    }

    @Override
    public Response refused(int status, String key, String message) {
        return text(status, message);
    }

    private static Response text(int status, String text) {
        return Response.of(status, "text/plain;charset=utf-8", text + "\n")
                .with("Cache-Control", "no-store");
    }
}
