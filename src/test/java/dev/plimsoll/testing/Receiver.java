// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A frontend's end of the callbacks: remembers what it is told.
public final class Receiver implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer http;
    private final List<String> requests = new ArrayList<>();
    private int failures;

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
        synchronized (this) {
            requests.add(exchange.getRequestURI().toString());
            status = failures-- > 0 ? 500 : 200;
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
    public synchronized void failNext(int count) {
        failures = count;
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
                if (requests.size() >= count) {
                    return List.copyOf(requests);
                }
                if (System.nanoTime() > end) {
                    throw new AssertionError(
                            "only " + requests.size() + " of " + count + " callbacks came");
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
