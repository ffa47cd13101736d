// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Speaks the admin API of a running instance.
public final class AdminClient implements AutoCloseable {

    /// What a line of a server-sent event begins with that holds it.
    private static final String DATA = "data: ";

    private final URI base;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /// @param base the instance's address, such as `http://127.0.0.1:8090`
    public AdminClient(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /// Sends one request.
    ///
    /// @param id what stands for `{}` in the route, or empty text
    /// @param body sent as JSON, or null
    /// @param answer what the answer is read as
    /// @throws AdminException in the operator's words
    public <T> T send(AdminRoutes route, String id, @Nullable Object body, Class<T> answer) {
        var publisher =
                body == null
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body));
        var request =
                request(route.path(id))
                        .header("Content-Type", "application/json")
                        .method(route.method(), publisher)
                        .build();
        return exchange(
                request,
                BodyHandlers.ofString(),
                text -> text,
                text -> JsonMapper.shared().readValue(text, answer));
    }

    /// The newest events, oldest first.
    ///
    /// @throws AdminException in the operator's words
    public List<EventView> newestEvents(int limit) {
        var request = request(AdminRoutes.EVENTS.path("") + "?limit=" + limit).build();
        return exchange(
                request,
                BodyHandlers.ofString(),
                text -> text,
                text -> List.of(JsonMapper.shared().readValue(text, EventView[].class)));
    }

    /// The events after that one. When there is none yet, waits for one, but not for long.
    ///
    /// @throws AdminException in the operator's words
    public List<EventView> awaitEvents(long after) {
        var request =
                request(AdminRoutes.EVENTS.path("") + "?limit=1000")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", Long.toString(after))
                        .build();
        return exchange(
                request,
                BodyHandlers.ofLines(),
                lines -> lines.collect(Collectors.joining("\n")),
                lines ->
                        lines.filter(line -> line.startsWith(DATA))
                                .map(line -> line.substring(DATA.length()))
                                .map(data -> JsonMapper.shared().readValue(data, EventView.class))
                                .toList());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    private <B, T> T exchange(
            HttpRequest request,
            BodyHandler<B> handler,
            Function<B, String> asText,
            Function<B, T> read) {
        try {
            var response = http.send(request, handler);
            if (response.statusCode() >= 400) {
                throw new AdminException(
                        problem(response.statusCode(), asText.apply(response.body())),
                        response.statusCode());
            }
            return read.apply(response.body());
        } catch (ConnectException e) {
            throw new AdminException(
                    "nothing answers at "
                            + base
                            + "; is `plimsoll serve` running? (--url says where)");
        } catch (JacksonException e) {
            throw new AdminException("what answers at " + base + " is not Plimsoll's admin API");
        } catch (IOException | UncheckedIOException e) {
            throw new AdminException("the connection to " + base + " broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("interrupted");
        }
    }

    private static String problem(int status, String body) {
        try {
            return JsonMapper.shared().readValue(body, Problem.class).detail();
        } catch (JacksonException e) {
            return "the instance answered HTTP " + status;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
