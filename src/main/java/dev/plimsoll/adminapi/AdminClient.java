// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Speaks the admin API of a running instance.
public final class AdminClient implements AutoCloseable {

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
        var json = JsonMapper.shared();
        var publisher =
                body == null
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(json.writeValueAsString(body));
        var request =
                HttpRequest.newBuilder(base.resolve(route.path(id)))
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(route.method(), publisher)
                        .build();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                throw new AdminException(
                        problem(response.statusCode(), response.body()), response.statusCode());
            }
            return json.readValue(response.body(), answer);
        } catch (ConnectException e) {
            throw new AdminException(
                    "nothing answers at "
                            + base
                            + "; is `plimsoll serve` running? (--url says where)");
        } catch (JacksonException e) {
            throw new AdminException("what answers at " + base + " is not Plimsoll's admin API");
        } catch (IOException e) {
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
