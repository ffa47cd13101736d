// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.MeetingsReply;
import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.Duties;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Asks every server for its meetings, again and again, and in between looks whether it lives. Several instances divide
/// the servers among them.
///
/// Each server has a virtual thread of its own with its own deadline, so one that hangs delays nobody; rounds are
/// jittered, so that a thousand servers are not asked in the same instant. One loop starts these threads as servers
/// come. Disabled servers are polled too: an operator wants to see them recover before enabling them.
public final class Poller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration VERSION_EVERY = Duration.ofMinutes(10);

    private final PollSettings settings;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final RandomGenerator random;
    private final PollListener listener;
    private final Duties duties;
    private final Counter polls;
    private final Counter knocks;
    private final Beat beat;
    private final Map<ServerId, Watched> watched = new ConcurrentHashMap<>();
    private final Map<ServerId, Version> versions = new ConcurrentHashMap<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    private record Version(String text, long askedAt) {}

    private record Watched(Watch watch, Thread thread) {}

    private Poller(
            PollSettings settings,
            ServerPool pool,
            BbbClient bbb,
            RandomGenerator random,
            Metrics metrics,
            PollListener listener,
            Duties duties) {
        this.duties = duties;
        this.settings = settings;
        this.pool = pool;
        this.bbb = bbb;
        this.random = random;
        this.listener = listener;
        this.beat = Beat.of(settings);
        this.knocks =
                metrics.counter(
                        "plimsoll_knocks",
                        "Looks whether a server lives, by server and outcome.",
                        "server",
                        "outcome");
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
            PollListener listener,
            Duties duties) {
        var poller = new Poller(settings, pool, bbb, random, metrics, listener, duties);
        pool.onAlarm(poller::alarm);
        Thread.ofVirtual().name("poller").start(poller::supervise);
        return poller;
    }

    /// Polls one server now, on the caller's thread, and asks for its version, too; for an operator who does not want
    /// to wait.
    public void poll(Server server) {
        versions.remove(server.id());
        poll(server, settings.timeout());
    }

    /// What remains of an answer, which may be long, whatever we wait for next.
    private sealed interface Look {
        record Seen(List<SeenMeeting> meetings, LastAnswer answer) implements Look {}

        record Unusable(Failure failure) implements Look {}

        static Look of(MeetingsReply reply, LastAnswer last) {
            return switch (reply) {
                case MeetingsReply.Meetings meetings ->
                        new Seen(meetings.seen(), last.then(meetings.list()));
                case MeetingsReply.Unusable(Failure failure) -> new Unusable(failure);
            };
        }
    }

    private void poll(Server server, Duration patience) {
        var last = pool.lastAnswer(server.id()); // now, lest a list waits for the database
        var started = pool.now();
        switch (bbb.poll(server.endpoint(), patience, reply -> Look.of(reply, last))) {
            case Look.Seen(var seen, var answer) -> {
                pool.heard(server.id());
                pool.polled(server.id(), seen, answer, version(server));
                listener.polled(server, seen, started);
                polls.labelValues(server.id().value(), "success").inc();
            }
            case Look.Unusable _ when isStopping() -> {
                // We hung up, not the server.
            }
            case Look.Unusable(Failure failure) -> {
                pool.unanswered(server.id(), failure);
                listener.unanswered(server);
                polls.labelValues(server.id().value(), "failure").inc();
            }
        }
    }

    private void knock(Server server, Duration patience) {
        var failure = bbb.knock(server.endpoint(), patience);
        if (failure.isEmpty()) {
            pool.heard(server.id());
            knocks.labelValues(server.id().value(), "success").inc();
        } else if (!isStopping()) {
            knocks.labelValues(server.id().value(), "failure").inc();
            if (failure.get().trouble() == Trouble.BROKEN) {
                poll(server, patience); // perhaps it only hides its root page
            } else {
                pool.unanswered(server.id(), failure.get());
            }
        }
    }

    @Override
    public void close() {
        stop.countDown();
        var running = watched.values().stream().map(Watched::thread).toList();
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
            try {
                watchMine();
            } catch (DatabaseAway e) {
                LOG.atDebug().setCause(e).log("the servers are not known just now");
            }
            stopped = pause(Math.min(100, settings.interval().toMillis()));
        }
        watched.values().forEach(late -> late.thread.interrupt()); // begun beside close
    }

    private void watchMine() {
        for (Server server : pool.servers()) {
            if (isMine(server.id())) {
                watched.computeIfAbsent(server.id(), this::watch);
            }
        }
    }

    private boolean isMine(ServerId id) {
        return duties.isMine("poll " + id);
    }

    private Watched watch(ServerId id) {
        var eyes =
                new Watch.Eyes() {
                    @Override
                    public boolean isMine() {
                        return Poller.this.isMine(id);
                    }

                    @Override
                    public void poll(Server server, Duration patience) {
                        unlessStopping(() -> Poller.this.poll(server, patience));
                    }

                    @Override
                    public void knock(Server server, Duration patience) {
                        unlessStopping(() -> Poller.this.knock(server, patience));
                    }
                };
        var watch = new Watch(id, pool, beat, eyes, random);
        return new Watched(
                watch, Thread.ofVirtual().name("poll-" + id).start(() -> follow(id, watch)));
    }

    private void follow(ServerId id, Watch watch) {
        try {
            watch.follow(stop);
        } catch (DatabaseAway e) {
            LOG.atDebug().addKeyValue("server", id).setCause(e).log("polling begins anew");
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("server", id).log("polling ends");
        } finally {
            watched.remove(id);
            versions.remove(id);
        }
    }

    /// While we stop, the database may close under a poll; that is no news.
    private void unlessStopping(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            if (!isStopping()) {
                throw e;
            }
            LOG.atDebug().setCause(e).log("a poll broke off");
        }
    }

    private void alarm(ServerId id) {
        var one = watched.get(id);
        if (one != null) {
            one.watch.alarm();
        }
    }

    /// Waits; true when it is time to stop.
    private boolean pause(long millis) {
        try {
            return stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /// It must not keep us from looking again in time: a server may fall silent just now.
    private Duration patienceForVersion() {
        return beat.heartbeat().compareTo(settings.timeout()) < 0
                ? beat.heartbeat()
                : settings.timeout();
    }

    private String version(Server server) {
        var known = versions.get(server.id());
        long now = System.nanoTime();
        if (known == null || now - known.askedAt > VERSION_EVERY.toNanos()) {
            known = new Version(bbb.version(server.endpoint(), patienceForVersion()), now);
            versions.put(server.id(), known);
        }
        return known.text;
    }
}
