// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;

/// Tells the world that a meeting has ended: `meetingEndedURL` and `meta_endCallbackUrl`.
///
/// Each delivery has a virtual thread of its own. A failed one waits until the server's clock says it is
/// time to try again. Thread-safe.
final class EndCallbacks {

    // BBB: four more attempts after the first, then it is dropped
    private static final List<Duration> RETRIES =
            List.of(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(300));

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

    private final InstantSource clock;
    private final ConcurrentSkipListSet<PendingCallback> waiting =
            new ConcurrentSkipListSet<>(
                    Comparator.comparing(PendingCallback::due)
                            .thenComparing(PendingCallback::url)
                            .thenComparingInt(PendingCallback::failures));

    EndCallbacks(InstantSource clock) {
        this.clock = clock;
    }

    /// Begins to deliver what the meeting's creator asked for. Does not block.
    void meetingEnded(Meeting meeting) {
        if (meeting.plan.breakout().isPresent()) {
            return; // BBB: breakout rooms end in silence
        }
        meeting.plan.params().filled("meetingEndedURL").ifPresent(this::begin);
        String url = meeting.plan.metadata().getOrDefault("endcallbackurl", "");
        if (!url.isEmpty()) {
            begin(
                    url
                            + (url.contains("?") ? '&' : '?')
                            + "recordingmarks="
                            + meeting.plan.recordsFromStart()
                            + "&meetingID="
                            + Params.encode(meeting.externalId));
        }
    }

    List<PendingCallback> pending() {
        return List.copyOf(waiting);
    }

    /// Tries again what is due.
    void tick() {
        Instant now = clock.instant();
        for (var callback : waiting) {
            if (callback.due().isAfter(now)) {
                return;
            }
            if (waiting.remove(callback)) {
                deliver(callback.url(), callback.failures());
            }
        }
    }

    private void begin(String url) {
        URI uri;
        try {
            uri = URI.create(Params.uriSafe(url));
        } catch (IllegalArgumentException e) {
            return;
        }
        if (uri.getHost() != null
                && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            deliver(uri, 0);
        }
    }

    private void deliver(URI url, int failures) {
        Thread.ofVirtual()
                .name("end-callback")
                .start(() -> {
                    if (!succeeds(url) && failures < RETRIES.size()) {
                        waiting.add(
                                new PendingCallback(
                                        url,
                                        failures + 1,
                                        clock.instant().plus(RETRIES.get(failures))));
                    }
                });
    }

    private static boolean succeeds(URI url) {
        try {
            var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(60)).build();
            int status = Shared.CLIENT.send(request, BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
