// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import dev.plimsoll.telemetry.RequestId;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;

/// An HTTP server for some surfaces: one virtual thread per request, limits, and an orderly stop.
///
/// The log never shows a query, a header or a body. Closing it lets running requests finish.
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /// Bytes of an answer that is sent in pieces. Helidon copies what it is given: a list of megabytes that a hundred
    /// callers share would become a hundred of them.
    private static final int LARGE = 100_000;

    private static final int PIECE = 32_768;

    private static final java.util.logging.Logger HELIDON_START =
            java.util.logging.Logger.getLogger("io.helidon.webserver.LoomServer");

    private final WebServer server;
    private final Deadlines deadlines;

    private HttpServer(WebServer server, Deadlines deadlines) {
        this.server = server;
        this.deadlines = deadlines;
    }

    /// Has Helidon look for its services, which takes long; a server does it otherwise.
    public static void prepare() {
        var _ = GlobalServiceRegistry.registry();
    }

    /// Begins to listen.
    ///
    /// @param handlers the longest path that fits a request wins; the last one listed answers what none fits, and
    ///     the first one listed words the refusal of what is no request at all
    /// @throws UncheckedIOException when the address cannot be listened on
    public static HttpServer start(HttpSettings settings, RequestId ids, List<Handler> handlers) {
        if (new InetSocketAddress(settings.host(), settings.port()).isUnresolved()) {
            throw cannotListen(settings, null);
        }
        // If another thread is at it, it must not be waited for from within the first use of a
        // class that it needs.
        prepare();
        var fallback = handlers.getLast();
        var deadlines = new Deadlines();
        var byLength =
                handlers.stream().sorted(Comparator.comparingInt(h -> -h.path().length())).toList();
        var http1 =
                Http1Config.builder()
                        // The checksum covers the raw query, so every byte must reach us; we check
                        // what matters.
                        .validatePrologue(false)
                        .validatePath(false)
                        .maxPrologueLength(settings.maxUrl())
                        .maxHeadersSize(settings.maxHeaders())
                        .build();
        var server =
                WebServer.builder()
                        .host(settings.host())
                        .port(settings.port())
                        // Only this one: among several, Helidon drops HTTP/1.0 without a word;
                        // alone,
                        // it refuses it in words.
                        .protocolsDiscoverServices(false)
                        .addConnectionSelector(
                                new TimedHeads(
                                        Http1ConnectionSelector.builder().config(http1).build(),
                                        deadlines,
                                        settings.headerTime(),
                                        () -> handlers.getFirst().limited(Limit.HEADER_TIME)))
                        .maxTcpConnections(settings.maxConnections())
                        .idleConnectionTimeout(settings.idle())
                        .shutdownGracePeriod(settings.grace())
                        .shutdownHook(false)
                        // Without it, what is sent in two pieces, such as a long list, waits 40 ms
                        // for
                        // the caller's acknowledgement of the first.
                        .connectionOptions(o -> o.readTimeout(settings.idle()).tcpNoDelay(true))
                        .directHandlers(Refusals.by(handlers.getFirst()))
                        .routing(routing ->
                                routing.any((request, response) ->
                                        TimedHeads.answering(() ->
                                                answer(
                                                        byLength, fallback, ids, settings,
                                                        deadlines, request, response))))
                        .build();
        HELIDON_START.setLevel(Level.OFF); // we say it better, and once
        try {
            server.start();
        } catch (RuntimeException e) {
            throw cannotListen(settings, e);
        }
        if (!server.isRunning()) { // Helidon only logs that it cannot bind
            server.stop();
            deadlines.close();
            throw cannotListen(settings, null);
        }
        return new HttpServer(server, deadlines);
    }

    private static UncheckedIOException cannotListen(
            HttpSettings settings, @Nullable Throwable cause) {
        return new UncheckedIOException(
                new IOException(
                        "cannot listen on %s:%d; %s"
                                .formatted(settings.host(), settings.port(), why(settings)),
                        cause));
    }

    /// Helidon keeps the reason to itself, so the system is asked once more.
    private static String why(HttpSettings settings) {
        String said = "";
        try (var again = new ServerSocket()) {
            again.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            said = String.valueOf(e.getMessage());
        }
        if (said.contains("assign requested") || said.contains("Unresolved")) {
            return "this machine has no such address; set http.host to 127.0.0.1, or to 0.0.0.0 for all";
        }
        return said.contains("Permission")
                ? "we may not use that port; set http.port to 1024 or more"
                : "is another program using it?";
    }

    /// The port in use.
    public int port() {
        return server.port();
    }

    /// Takes no new requests, and waits for the running ones, but not longer than the grace period.
    @Override
    public void close() {
        server.stop();
        deadlines.close();
    }

    private static void answer(
            List<Handler> byLength,
            Handler fallback,
            RequestId ids,
            HttpSettings settings,
            Deadlines deadlines,
            ServerRequest request,
            ServerResponse response) {
        ids.within(() -> {
            String path;
            try {
                path = request.prologue().uriPath().path();
            } catch (IllegalArgumentException e) { // a malformed % in it
                send(
                        fallback.refused(400, "badRequest", "This is not a valid HTTP request."),
                        request,
                        response);
                closeIfAsked(request);
                return null;
            }
            Handler handler = fallback;
            for (Handler candidate : byLength) {
                if (fits(candidate.path(), path)) {
                    handler = candidate;
                    break;
                }
            }
            long start = System.nanoTime();
            var asked = new Request(request, settings, deadlines);
            var answer = respond(handler, asked);
            if (LOG.isDebugEnabled()) {
                note(asked, answer, System.nanoTime() - start);
            }
            try (var stretch = deadlines.begin(settings.answerTime())) {
                sendInTime(handler, stretch, answer, request, response);
            }
            if (!asked.discardRest()) {
                throw new CloseConnectionException("there is more of the body than we read");
            }
            closeIfAsked(request);
            return null;
        });
    }

    private static void sendInTime(
            Handler handler,
            Deadlines.Stretch stretch,
            Response answer,
            ServerRequest request,
            ServerResponse response) {
        try {
            send(answer, request, response);
        } catch (RuntimeException e) {
            if (stretch.isLate()) {
                handler.limited(Limit.ANSWER_TIME);
                throw new CloseConnectionException("the caller reads too slowly", e);
            }
            throw e;
        }
    }

    private static void note(Request request, Response answer, long nanos) {
        LOG.atDebug()
                .addKeyValue("request", RequestId.current())
                .addKeyValue("method", request.method())
                .addKeyValue("path", shown(request))
                .addKeyValue("status", answer.status())
                .addKeyValue("ms", nanos / 1_000_000)
                .log("a request is answered");
    }

    /// Still encoded, so that it cannot forge a line of the log.
    private static String shown(Request request) {
        String path = request.rawPath();
        return path.length() > 200 ? path.substring(0, 200) + "…" : path;
    }

    private static boolean fits(String prefix, String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static Response respond(Handler handler, Request request) {
        try {
            return handler.handle(request);
        } catch (BodyTooLarge e) {
            handler.limited(Limit.BODY);
            return handler.refused(
                    request,
                    413,
                    "requestTooLarge",
                    "The request is too large: " + e.getMessage() + ".");
        } catch (RequestBroken e) {
            if (e.isLate()) {
                handler.limited(Limit.BODY_TIME);
            }
            return Response.dropped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return handler.refused(
                    request,
                    503,
                    "internalError",
                    "The server is shutting down; please try again.");
        } catch (Throwable e) { // an Error too: the caller is told the same
            return incident(handler, request, e);
        }
    }

    /// What nobody foresaw: details to the log, an incident id to the caller.
    private static Response incident(Handler handler, Request request, Throwable e) {
        String id = RequestId.current();
        LOG.atError()
                .addKeyValue("incident", id)
                .addKeyValue("method", request.method())
                .addKeyValue("path", shown(request))
                .setCause(e)
                .log("a request failed unexpectedly; this is a defect or a broken database");
        return handler.refused(
                request, 500, "internalError", "Something went wrong here. Incident " + id + ".");
    }

    private static void send(Response answer, ServerRequest request, ServerResponse response) {
        if (answer.body() instanceof Response.Body.Dropped) {
            throw new CloseConnectionException("dropped on purpose");
        }
        response.status(Status.create(answer.status()));
        if (!answer.contentType().isEmpty()) {
            response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
        }
        for (var header : answer.headers().entrySet()) {
            response.header(HeaderNames.create(header.getKey()), header.getValue());
        }
        switch (answer.body()) {
            case Response.Body.Bytes(byte[] bytes) when isHead(request) -> {
                response.contentLength(bytes.length);
                response.send(); // Helidon would send the body of a HEAD
            }
            case Response.Body.Bytes _ when answer.status() == 204 -> response.send();
            case Response.Body.Bytes(byte[] bytes) when bytes.length > LARGE -> {
                response.contentLength(bytes.length);
                stream(out -> inPieces(bytes, out), response);
            }
            case Response.Body.Bytes(byte[] bytes) -> response.send(bytes);
            case Response.Body.Stream _ when isHead(request) -> response.send();
            case Response.Body.Stream(var writer) -> stream(writer, response);
            case Response.Body.Dropped() -> {}
        }
    }

    private static void inPieces(byte[] bytes, OutputStream out) throws IOException {
        for (int from = 0; from < bytes.length; from += PIECE) {
            out.write(bytes, from, Math.min(PIECE, bytes.length - from));
        }
    }

    private static void closeIfAsked(ServerRequest request) {
        var headers = request.headers();
        if (headers.contains(HeaderNames.CONNECTION)
                && headers.containsToken(HeaderValues.CONNECTION_CLOSE)) {
            // Helidon 4.5 promises it, but leaves the connection open (helidon-io/helidon#12324).
            throw new CloseConnectionException("closed as the client asked");
        }
    }

    private static boolean isHead(ServerRequest request) {
        return request.prologue().method().equals(Method.HEAD);
    }

    private static void stream(Response.Writer writer, ServerResponse response) {
        // Not closed after a failure: that would write the last chunk, and half an answer would
        // look whole.
        @SuppressWarnings("resource")
        var out = response.outputStream();
        try {
            writer.write(out);
            out.close();
        } catch (IOException | UncheckedIOException e) {
            throw new CloseConnectionException("a streamed answer broke off", e);
        }
    }
}
