// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.pool.Beat.Look;
import dev.plimsoll.pool.Beat.Past;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;

/// How soon a dead server is given up, computed for many moments of death, at default settings.
final class BeatTest {

    private static final PollSettings DEFAULTS = settled(PollSettings::read, Map.of());
    private static final Beat BEAT = Beat.of(DEFAULTS);
    private static final Failure SILENT = new Failure(Trouble.SILENT, "does not answer in time");
    private static final Failure REFUSED = new Failure(Trouble.REFUSED, "refuses connections");
    private static final long SECOND = 1_000_000_000;

    @Test
    void aServerThatFallsSilentIsOfflineWithin15Seconds() {
        double longest = longest(SILENT, 10_000);
        assertThat(longest).isBetween(12.0, 14.6);
    }

    @Test
    void aServerThatRefusesConnectionsIsOfflineWithin5Seconds() {
        assertThat(longest(REFUSED, 10_000)).isBetween(2.5, 5.1);
    }

    @Test
    void aHiccupOf4SecondsIsNotTheEndOfAServer() {
        for (int seed = 0; seed < 10_000; seed++) {
            var server = new Simulation(new Random(seed), SILENT, 4 * SECOND);
            server.run(60 * SECOND);
            assertThat(server.offlineAt).as("seed %d", seed).isNegative();
            assertThat(server.health).isInstanceOf(Health.Online.class);
        }
    }

    @Test
    void aServerIsPolledInTimeAndKnockedAtWhenNothingIsHeardOfIt() {
        var past = new Past(0, 10 * SECOND, 0);
        assertThat(BEAT.look(true, false, past, SECOND)).isEqualTo(Look.NONE);
        assertThat(BEAT.look(true, false, past, 3 * SECOND)).isEqualTo(Look.KNOCK);
        assertThat(BEAT.look(true, false, past, 10 * SECOND)).isEqualTo(Look.POLL);
        assertThat(BEAT.look(true, true, past, SECOND)).isEqualTo(Look.POLL);
        assertThat(BEAT.look(false, false, past, 3 * SECOND)).isEqualTo(Look.POLL);
    }

    @Test
    void whoIsHeardAllTheTimeIsOnlyPolled() {
        var busy = new Past(0, 10 * SECOND, 9 * SECOND);
        assertThat(BEAT.next(true, busy, 0)).isEqualTo(10 * SECOND);
        assertThat(BEAT.patience(true, Duration.ofSeconds(1))).isEqualTo(DEFAULTS.timeout());
    }

    @Test
    void theLongerAServerWasSilentTheLessPatientWeAre() {
        assertThat(BEAT.patience(true, Duration.ofSeconds(2))).isEqualTo(Duration.ofMillis(4500));
        assertThat(BEAT.patience(true, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(4));
        assertThat(BEAT.patience(false, Duration.ZERO)).isEqualTo(Duration.ofSeconds(4));
    }

    /// Seconds from death to offline.
    private static double longest(Failure failure, int cases) {
        double longest = 0;
        for (int seed = 0; seed < cases; seed++) {
            var server = new Simulation(new Random(seed), failure, Long.MAX_VALUE);
            server.run(120 * SECOND);
            assertThat(server.offlineAt).as("seed %d", seed).isPositive();
            longest = Math.max(longest, (server.offlineAt - server.fault) / (double) SECOND);
        }
        return longest;
    }

    /// What `Watch` does, in a time that is only counted: a server that answers at once and takes calls until its fault
    /// begins, and again when it is over.
    private static final class Simulation {

        private final Random random;
        private final Failure failure;
        private final long fault;
        private final long over;
        private final long callEvery;
        private Health health = new Health.Online(6, 6);
        private long offlineAt = -1;

        Simulation(Random random, Failure failure, long lasts) {
            this.random = random;
            this.failure = failure;
            this.fault = random.nextLong(11 * SECOND, 40 * SECOND);
            this.over = lasts == Long.MAX_VALUE ? Long.MAX_VALUE : fault + lasts;
            this.callEvery = random.nextLong(SECOND / 10, 20 * SECOND);
        }

        void run(long end) {
            var past = new Past(0, 0, 0);
            long now = 0;
            while (now < end && offlineAt < 0) {
                past = new Past(past.began(), past.due(), Math.max(past.heard(), called(now)));
                boolean online = health instanceof Health.Online;
                var look = BEAT.look(online, false, past, now);
                long done = now;
                if (look != Look.NONE) {
                    var patience = BEAT.patience(online, Duration.ofNanos(now - past.heard()));
                    boolean good = now < fault || now >= over;
                    done = good ? now : now + cost(patience.toNanos());
                    note(good, look, done);
                    long due = look == Look.POLL ? BEAT.due(now, random.nextDouble()) : past.due();
                    past = new Past(now, due, good ? now : past.heard());
                }
                past = new Past(past.began(), past.due(), Math.max(past.heard(), called(done)));
                boolean well = health instanceof Health.Online;
                now = Math.max(done, BEAT.next(well, past, random.nextDouble()));
            }
        }

        private long cost(long patience) {
            return failure.trouble() == Trouble.SILENT ? patience : 0;
        }

        private void note(boolean good, Look look, long at) {
            if (!good) {
                health = DEFAULTS.health().failed(health, failure, Instant.EPOCH);
            } else if (look == Look.POLL) {
                health = DEFAULTS.health().answered(health);
            }
            if (health instanceof Health.Offline) {
                offlineAt = at;
            }
        }

        /// The last good call before that time.
        private long called(long now) {
            long last = Math.min(now, fault - 1);
            return last - last % callEvery;
        }
    }
}
