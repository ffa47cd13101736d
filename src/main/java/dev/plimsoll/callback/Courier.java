// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Posts events to receivers. Follows no redirect: for a POST most of them would lose the form, and a receiver that
/// moved is registered anew. Thread-safe.
final class Courier implements AutoCloseable {

    // BBB: a receiver that takes longer has failed
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Checksum.Algorithm algorithm;
    private final HookAddress address;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(PATIENCE)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    private final Map<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closing;

    Courier(Checksum.Algorithm algorithm, HookAddress address) {
        this.algorithm = algorithm;
        this.address = address;
    }

    /// Posts it.
    ///
    /// @param secret that the receiver shares with us
    /// @return whether the receiver took it
    boolean deliver(Delivery delivery, Secret secret) throws InterruptedException {
        String body =
                Params.of(
                                "domain",
                                address.domain(),
                                "event",
                                delivery.event(),
                                "timestamp",
                                Long.toString(delivery.stamp()))
                        .query();
        var uri = HookAddress.http(signed(delivery.callbackUrl(), body, algorithm, secret));
        return uri.isPresent() && isTaken(status(uri.get(), body));
    }

    /// The address with its checksum.
    // BBB: the address is hashed as it was registered, and the form as it is sent
    static String signed(String url, String body, Checksum.Algorithm algorithm, Secret secret) {
        return url
                + (url.contains("?") ? "&" : "?")
                + "checksum="
                + Checksum.of(algorithm, url, body, secret);
    }

    // BBB: a receiver that does not know the hook (any more) has received it, too
    private static boolean isTaken(int status) {
        return (status >= 200 && status < 300) || status == 401;
    }

    /// 0 without an answer. Not a plain `send`: its deadline ends with the headers, and a body may go on for ever.
    private int status(URI uri, String body) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("User-Agent", "Plimsoll")
                        .timeout(PATIENCE)
                        .POST(BodyPublishers.ofString(body))
                        .build();
        var answer = http.sendAsync(request, BodyHandlers.discarding());
        long number = numbers.incrementAndGet();
        underWay.put(number, answer);
        try {
            if (closing) {
                throw new InterruptedException("stopping");
            }
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).statusCode();
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            if (closing) {
                throw new InterruptedException("stopping"); // not the receiver's failure
            }
            return 0;
        } finally {
            answer.cancel(true);
            underWay.remove(number);
        }
    }

    /// Hangs up; who waits in [#deliver] is interrupted.
    @Override
    public void close() {
        closing = true;
        underWay.values().forEach(answer -> answer.cancel(true));
        http.shutdownNow();
    }
}
