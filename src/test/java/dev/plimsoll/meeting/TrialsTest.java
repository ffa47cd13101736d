// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.pool.ServerId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

final class TrialsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T11:00:00Z");
    private static final ServerId ILL = new ServerId("ill");

    private final Trials trials = new Trials();

    @Test
    void aServerThatFailedACreateIsAvoidedForAWhile() {
        assertThat(trials.avoided(NOW)).isEmpty();
        trials.failed(ILL, NOW.minusSeconds(20), NOW);
        assertThat(trials.avoided(NOW.plusSeconds(29))).containsExactly(ILL);
        assertThat(trials.avoided(NOW.plusSeconds(30))).isEmpty();
    }

    @Test
    void theWhileDoublesWithEachFailureUpToTenMinutes() {
        var now = NOW;
        for (int seconds : List.of(30, 60, 120, 240, 480, 600, 600, 600)) {
            trials.failed(ILL, now, now);
            now = now.plusSeconds(seconds);
            assertThat(trials.avoided(now.minusMillis(1))).containsExactly(ILL);
            assertThat(trials.avoided(now)).isEmpty();
        }
        for (int i = 0; i < 100; i++) {
            trials.failed(ILL, now, now);
        }
        assertThat(trials.avoided(now.plus(Duration.ofMinutes(10)))).isEmpty();
    }

    @Test
    void createsThatHangInTheSameMomentCountOnce() {
        for (int i = 0; i < 10; i++) {
            trials.failed(ILL, NOW.minusSeconds(20).plusMillis(i), NOW.plusMillis(i));
        }
        assertThat(trials.avoided(NOW.plusSeconds(30))).isEmpty();
    }

    @Test
    void oneCreateTriesItAndTheOthersGoElsewhereMeanwhile() {
        trials.failed(ILL, NOW, NOW);
        var later = NOW.plusSeconds(40);
        assertThat(trials.avoided(later)).isEmpty();
        trials.begun(ILL, later);
        assertThat(trials.avoided(later)).containsExactly(ILL);
    }

    @Test
    void aCreateThatSucceedsClearsIt() {
        trials.failed(ILL, NOW, NOW);
        trials.succeeded(ILL);
        assertThat(trials.avoided(NOW)).isEmpty();
        trials.begun(ILL, NOW);
        assertThat(trials.avoided(NOW)).isEmpty();
    }
}
