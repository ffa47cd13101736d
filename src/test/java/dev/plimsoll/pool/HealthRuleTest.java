// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Random;

final class HealthRuleTest {

    private static final Instant NOW = Instant.parse("2026-11-20T11:00:00Z");
    private static final Health ONLINE = new Health.Online();

    private final HealthRule rule = new HealthRule(3, 2);

    @Test
    void oneHiccupMakesAServerUnstableAndOnlyMoreOfThemOffline() {
        var once = rule.failed(ONLINE, "is slow", NOW);
        var twice = rule.failed(once, "is slower", NOW);
        var thrice = rule.failed(twice, "is gone", NOW);
        assertThat(once).isEqualTo(new Health.Unstable(1, 0, "is slow"));
        assertThat(twice).isEqualTo(new Health.Unstable(2, 0, "is slower"));
        assertThat(thrice).isEqualTo(new Health.Offline(NOW, "is gone", 0));
    }

    @Test
    void oneLuckyAnswerGivesNoFalseHope() {
        var offline = new Health.Offline(NOW, "is gone", 0);
        var once = rule.answered(offline);
        assertThat(once).isEqualTo(new Health.Offline(NOW, "is gone", 1));
        assertThat(rule.answered(once)).isEqualTo(ONLINE);
        assertThat(rule.failed(once, "again", NOW.plusSeconds(9)))
                .isEqualTo(new Health.Offline(NOW, "again", 0));
    }

    @Test
    void onlyFailuresInARowCount() {
        var unstable = new Health.Unstable(2, 0, "is slow");
        var better = rule.answered(unstable);
        assertThat(better).isEqualTo(new Health.Unstable(0, 1, "is slow"));
        assertThat(rule.failed(better, "again", NOW)).isEqualTo(new Health.Unstable(1, 0, "again"));
        assertThat(rule.answered(better)).isEqualTo(ONLINE);
    }

    @Test
    void aServerThatAnswersStaysOnline() {
        assertThat(rule.answered(ONLINE)).isEqualTo(ONLINE);
    }

    @Test
    void aThresholdOfOneIsReachedAtOnce() {
        var strict = new HealthRule(1, 1);
        assertThat(strict.failed(ONLINE, "x", NOW)).isEqualTo(new Health.Offline(NOW, "x", 0));
        assertThat(strict.answered(new Health.Offline(NOW, "x", 0))).isEqualTo(ONLINE);
        assertThat(strict.answered(new Health.Unstable(0, 0, "not polled yet"))).isEqualTo(ONLINE);
    }

    @Test
    void whateverHappenedEnoughInARowDecides() {
        var random = new Random(20261120);
        for (int i = 0; i < 2_000; i++) {
            var any = new HealthRule(random.nextInt(1, 6), random.nextInt(1, 6));
            Health health = ONLINE;
            for (int n = random.nextInt(30); n > 0; n--) {
                health = random.nextBoolean() ? any.answered(health) : any.failed(health, "x", NOW);
            }
            Health down = health;
            for (int n = 0; n < any.failuresUntilOffline(); n++) {
                down = any.failed(down, "down", NOW);
            }
            assertThat(down).isInstanceOf(Health.Offline.class);
            Health up = down;
            for (int n = 0; n < any.successesUntilOnline(); n++) {
                assertThat(up).isNotEqualTo(ONLINE);
                up = any.answered(up);
            }
            assertThat(up).isEqualTo(ONLINE);
        }
    }
}
