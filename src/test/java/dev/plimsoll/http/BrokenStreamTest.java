// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.telemetry.RequestId;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;

class BrokenStreamTest {

    @Test
    void a_stream_that_breaks_does_not_look_complete() {
        var handler =
                new Handler() {
                    @Override
                    public String path() {
                        return "/";
                    }

                    @Override
                    public Response handle(Request request) {
                        return Response.streamed(
                                200,
                                "text/plain",
                                out -> {
                                    out.write(new byte[100_000]);
                                    throw new IOException("the disk is gone");
                                });
                    }

                    @Override
                    public Response refused(int status, String key, String message) {
                        return Response.of(status, "text/plain", message);
                    }
                };
        try (var server =
                HttpServer.start(HttpSettings.local(0), new RequestId(0), List.of(handler))) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"));
            assertThatThrownBy(() -> Target.send(request)).isInstanceOf(UncheckedIOException.class);
        }
    }
}
