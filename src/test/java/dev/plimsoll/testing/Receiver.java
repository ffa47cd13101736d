// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.plimsoll.bbb.Params;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A frontend's end of the callbacks: remembers what it is told.
public final class Receiver implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer http;
    private final List<Message> messages = new ArrayList<>();
    private int failures;
    private int failureStatus = 500;

    /// A request as it came.
    public record Message(
            String method, String uri, Map<String, List<String>> headers, String body) {

        /// The first value of a header; empty text without.
        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }

        /// The fields of a form.
        public Params form() {
            return Params.parse(body);
        }
    }

    private Receiver(HttpServer http) {
        this.http = http;
    }

    public static Receiver start() {
        try {
            var receiver =
                    new Receiver(
                            HttpServer.create(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            receiver.http.createContext("/", receiver::answer);
            receiver.http.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        int status;
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (this) {
            messages.add(
                    new Message(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            Map.copyOf(exchange.getRequestHeaders()),
                            body));
            status = failures-- > 0 ? failureStatus : 200;
            notifyAll();
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /// Without a final slash.
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /// Answers the next requests with status 500.
    public void failNext(int count) {
        failNext(count, 500);
    }

    /// Answers the next requests with some other status.
    public synchronized void failNext(int count, int status) {
        failures = count;
        failureStatus = status;
    }

    /// What came so far.
    public synchronized List<Message> messages() {
        return List.copyOf(messages);
    }

    /// Forgets what came so far.
    public synchronized void forget() {
        messages.clear();
    }

    /// All that came, once there are so many requests.
    public List<Message> awaitMessages(int count) {
        await(count);
        return messages();
    }

    /// What was asked for, once there are so many requests.
    public List<String> await(int count) {
        return awaitWhile(() -> {}, count);
    }

    /// The same, while doing something again and again.
    public List<String> awaitWhile(Runnable nudge, int count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            synchronized (this) {
                if (messages.size() >= count) {
                    return messages.stream().map(Message::uri).toList();
                }
                if (System.nanoTime() > end) {
                    throw new AssertionError(
                            "only " + messages.size() + " of " + count + " callbacks came");
                }
                try {
                    wait(20);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            nudge.run();
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
