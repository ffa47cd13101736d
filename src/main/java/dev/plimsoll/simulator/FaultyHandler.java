// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// Puts faults between the network and a sound handler, and counts the calls that arrive.
final class FaultyHandler implements Handler {

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Handler sound;
    private final Function<String, String> callOfPath;
    private final Faults faults;
    private final Control control;
    private final Chance chance;

    FaultyHandler(
            Handler sound,
            Function<String, String> callOfPath,
            Faults faults,
            Control control,
            Chance chance) {
        this.sound = sound;
        this.callOfPath = callOfPath;
        this.faults = faults;
        this.control = control;
        this.chance = chance;
    }

    @Override
    public String path() {
        return sound.path();
    }

    @Override
    public Response refused(int status, String key, String message) {
        return sound.refused(status, key, message);
    }

    @Override
    public Response handle(Request request) throws Exception {
        String call = callOfPath.apply(request.path());
        var hits = faults.strike(call);
        control.count(call); // who waits for the count may rely on the faults having struck
        return respond(hits, request);
    }

    private Response respond(List<Fault> hits, Request request) throws Exception {
        if (hits.isEmpty()) {
            return sound.handle(request);
        }
        var others = hits.subList(1, hits.size());
        return switch (hits.getFirst()) {
            case Fault.Refuse(var key, var message) -> Answers.failed(key, message);
            case Fault.Drop() -> Response.dropped();
            case Fault.Hang() -> {
                faults.hold(FOR_EVER);
                yield Response.dropped();
            }
            case Fault.Delay(var time) -> {
                faults.hold(time);
                yield respond(others, request);
            }
            case Fault.Slowly(int rate) -> slowly(respond(others, request), rate);
            case Fault.Garbage() -> Response.of(200, Answers.XML, chance.bytes(1000));
            case Fault.Html(int status) -> Answers.page(status);
            case Fault.Status(int code) -> Response.of(code, "text/plain", "");
            case Fault.Truncate() -> truncated(respond(others, request));
            case Fault.LoseMeetings() -> {
                control.loseMeetings();
                yield respond(others, request);
            }
            case Fault.LoseAnswer() -> {
                respond(others, request);
                yield Response.dropped();
            }
        };
    }

    private Response slowly(Response whole, int bytesPerSecond) {
        return streamed(whole, (out, bytes) -> drip(out, bytes, bytesPerSecond));
    }

    private static Response truncated(Response whole) {
        return streamed(
                whole,
                (out, bytes) -> {
                    out.write(bytes, 0, bytes.length / 2);
                    out.flush();
                    throw new IOException("cut off on purpose");
                });
    }

    private interface Dripping {
        void write(OutputStream out, byte[] bytes) throws IOException;
    }

    private static Response streamed(Response whole, Dripping writer) {
        if (!(whole.body() instanceof Response.Body.Bytes(byte[] bytes)) || bytes.length == 0) {
            return whole;
        }
        var answer =
                Response.streamed(
                        whole.status(), whole.contentType(), out -> writer.write(out, bytes));
        for (var header : whole.headers().entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer.with("Content-Length", Integer.toString(bytes.length));
    }

    /// Ten times a second a little; at once when the server closes.
    private void drip(OutputStream out, byte[] bytes, int bytesPerSecond) throws IOException {
        int piece = Math.max(1, bytesPerSecond / 10);
        var pause = Duration.ofMillis(1000L * piece / bytesPerSecond);
        for (int at = 0; at < bytes.length; at += piece) {
            out.write(bytes, at, Math.min(piece, bytes.length - at));
            out.flush();
            try {
                faults.hold(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the server stops");
            }
        }
    }
}
