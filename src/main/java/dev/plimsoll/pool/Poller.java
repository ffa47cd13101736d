// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.MeetingsReply;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Asks every server for its meetings, again and again.
///
/// Each server has a virtual thread of its own with its own deadline, so one that hangs delays nobody; rounds are
/// jittered by a fifth, so that a thousand servers are not asked in the same instant. One loop starts and stops
/// these threads as servers come and go. Disabled servers are polled too: an operator wants to see them recover
/// before enabling them.
public final class Poller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration VERSION_EVERY = Duration.ofMinutes(10);

    private final PollSettings settings;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final RandomGenerator random;
    private final PollListener listener;
    private final Counter polls;
    private final Map<ServerId, Thread> threads = new ConcurrentHashMap<>();
    private final Map<ServerId, Version> versions = new ConcurrentHashMap<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    private record Version(String text, long askedAt) {}

    private Poller(
            PollSettings settings,
            ServerPool pool,
            BbbClient bbb,
            RandomGenerator random,
            Metrics metrics,
            PollListener listener) {
        this.settings = settings;
        this.pool = pool;
        this.bbb = bbb;
        this.random = random;
        this.listener = listener;
        this.polls =
                metrics.counter(
                        "plimsoll_polls", "Polls by server and outcome.", "server", "outcome");
    }

    /// Begins to poll all servers, and those added later.
    public static Poller start(
            PollSettings settings,
            ServerPool pool,
            BbbClient bbb,
            RandomGenerator random,
            Metrics metrics,
            PollListener listener) {
        var poller = new Poller(settings, pool, bbb, random, metrics, listener);
        Thread.ofVirtual().name("poller").start(poller::supervise);
        return poller;
    }

    /// Polls one server now, on the caller's thread; for an operator who does not want to wait.
    public void poll(Server server) {
        var started = pool.now();
        switch (bbb.poll(server.endpoint(), settings.timeout())) {
            case MeetingsReply.Meetings meetings -> {
                pool.polled(server.id(), meetings, version(server));
                listener.polled(server, meetings.seen(), started);
                polls.labelValues(server.id().value(), "success").inc();
            }
            case MeetingsReply.Unusable _ when isStopping() -> {
                // We hung up, not the server.
            }
            case MeetingsReply.Unusable(Failure failure) -> {
                pool.unanswered(server.id(), failure);
                polls.labelValues(server.id().value(), "failure").inc();
            }
        }
    }

    @Override
    public void close() {
        stop.countDown();
        var running = List.copyOf(threads.values());
        running.forEach(Thread::interrupt);
        try {
            // The database closes next, so polls should not be in the middle of a write.
            for (Thread thread : running) {
                thread.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    private void supervise() {
        boolean stopped = false;
        while (!stopped) {
            for (Server server : pool.servers()) {
                threads.computeIfAbsent(
                        server.id(),
                        id -> Thread.ofVirtual().name("poll-" + id).start(() -> follow(id)));
            }
            stopped = pause(Math.min(100, settings.interval().toMillis()));
        }
    }

    private void follow(ServerId id) {
        try {
            boolean stopped = false;
            // The first poll comes at once: nobody waits for a new server to be seen.
            for (var server = pool.find(id);
                    server.isPresent() && !stopped;
                    server = pool.find(id)) {
                try {
                    poll(server.get());
                } catch (RuntimeException e) {
                    (isStopping() ? LOG.atDebug() : LOG.atError())
                            .addKeyValue("server", id)
                            .setCause(e)
                            .log("a poll failed unexpectedly; polling goes on");
                }
                stopped = pause(jittered());
            }
        } finally {
            threads.remove(id);
            versions.remove(id);
        }
    }

    private long jittered() {
        long interval = settings.interval().toMillis();
        return interval - interval / 10 + random.nextLong(Math.max(1, interval / 5));
    }

    /// Waits; true when it is time to stop.
    private boolean pause(long millis) {
        try {
            return stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private String version(Server server) {
        var known = versions.get(server.id());
        long now = System.nanoTime();
        if (known == null || now - known.askedAt > VERSION_EVERY.toNanos()) {
            known = new Version(bbb.version(server.endpoint(), settings.timeout()), now);
            versions.put(server.id(), known);
        }
        return known.text;
    }

    /// The servers that are being polled; for tests.
    java.util.Set<ServerId> polled() {
        return new HashSet<>(threads.keySet());
    }
}
