// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.db.DatabaseAway;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Looks after one server until it leaves the pool, on the thread that runs it: [Beat] says when and how.
final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /// Between a look and the next one that an alarm asks for.
    private static final Duration LEAST = Duration.ofMillis(500);

    /// Between the first looks at two servers, on average.
    private static final Duration SPREAD = Duration.ofMillis(2);

    /// How one looks; blocks.
    interface Eyes {
        void poll(Server server, Duration patience);

        void knock(Server server, Duration patience);

        /// Whether it is for this instance to look.
        boolean isMine();
    }

    private final ServerId id;
    private final ServerPool pool;
    private final Beat beat;
    private final Eyes eyes;
    private final RandomGenerator random;
    private final Semaphore alarms = new Semaphore(0);

    Watch(ServerId id, ServerPool pool, Beat beat, Eyes eyes, RandomGenerator random) {
        this.id = id;
        this.pool = pool;
        this.beat = beat;
        this.eyes = eyes;
        this.random = random;
    }

    /// Looks at once, not at the next beat: a call to the server failed.
    void alarm() {
        alarms.release();
    }

    /// Looks again and again; the first time at once, or as good as that: a thousand servers are not asked in the same
    /// instant when we start. Ends when the server is gone or another instance looks after it, or when the thread is
    /// interrupted.
    void follow(CountDownLatch stop) throws InterruptedException {
        long now = System.nanoTime();
        var past = new Beat.Past(now, now, now);
        long at = now + (long) (random.nextDouble() * pool.servers().size() * SPREAD.toNanos());
        while (stop.getCount() > 0) {
            boolean alarmed = awaitUntil(at, past.began(), stop);
            var server = pool.find(id);
            if (server.isEmpty() || !eyes.isMine()) {
                return;
            }
            past = look(server.get(), alarmed, past);
            boolean online = pool.find(id).filter(Watch::isOnline).isPresent();
            if (!online) {
                // The next beat is soon enough: one short fault must not count twice.
                alarms.drainPermits();
            }
            at = beat.next(online, heard(past), random.nextDouble());
        }
    }

    private Beat.Past look(Server server, boolean alarmed, Beat.Past earlier)
            throws InterruptedException {
        long now = System.nanoTime();
        var past = heard(earlier);
        boolean online = isOnline(server);
        var patience = beat.patience(online, Duration.ofNanos(now - past.heard()));
        var look = beat.look(online, alarmed, past, now);
        switch (look) {
            case POLL -> apart(() -> eyes.poll(server, patience));
            case KNOCK -> apart(() -> eyes.knock(server, patience));
            case NONE -> {}
        }
        if (look == Beat.Look.NONE) {
            return past;
        }
        return new Beat.Past(
                now,
                look == Beat.Look.POLL ? beat.due(now, random.nextDouble()) : past.due(),
                past.heard());
    }

    /// On a thread that ends with it: the one that waits for the next time would keep the stack that this takes, and there
    /// may be a thousand of them.
    private void apart(Runnable look) throws InterruptedException {
        var thread =
                Thread.ofVirtual()
                        .name(Thread.currentThread().getName())
                        .start(() -> unfailing(look));
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            thread.join();
            throw e;
        }
    }

    private void unfailing(Runnable look) {
        try {
            look.run();
        } catch (DatabaseAway e) {
            LOG.atDebug().addKeyValue("server", id).setCause(e).log("a poll is not noted");
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("server", id)
                    .setCause(e)
                    .log("a poll failed unexpectedly; polling goes on");
        }
    }

    private Beat.Past heard(Beat.Past past) {
        return new Beat.Past(past.began(), past.due(), pool.heardAt(id).orElse(past.heard()));
    }

    private static boolean isOnline(Server server) {
        return server.health() instanceof Health.Online;
    }

    /// Waits for that time or for an alarm; true when it was an alarm. Alarms come in swarms and count as one.
    private boolean awaitUntil(long at, long began, CountDownLatch stop)
            throws InterruptedException {
        if (!alarms.tryAcquire(at - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean _ = stop.await(began + LEAST.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
        alarms.drainPermits();
        return true;
    }
}
