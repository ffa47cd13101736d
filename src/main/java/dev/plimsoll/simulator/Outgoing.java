// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;

/// What simulated servers ask of others: callbacks and webhooks.
final class Outgoing {

    /// One client for all simulators of a process: each has a thread of its own.
    private static final class Shared {
        static final HttpClient CLIENT =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(Duration.ofSeconds(10))
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    private Outgoing() {}

    /// The address somebody gave us, if it is one for HTTP.
    static Optional<URI> address(String url) {
        try {
            var uri = URI.create(Params.uriSafe(url));
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Sends and waits; empty without any answer.
    static OptionalInt status(HttpRequest.Builder request, Duration patience) {
        try {
            var sent =
                    Shared.CLIENT.send(
                            request.timeout(patience).build(), BodyHandlers.discarding());
            return OptionalInt.of(sent.statusCode());
        } catch (IOException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    static boolean succeeds(HttpRequest.Builder request, Duration patience) {
        int status = status(request, patience).orElse(0);
        return status >= 200 && status < 300;
    }
}
