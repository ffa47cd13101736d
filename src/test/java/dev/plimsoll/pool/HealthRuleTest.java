// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Trouble;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Random;

final class HealthRuleTest {

    private static final Instant NOW = Instant.parse("2026-11-20T11:00:00Z");
    private static final Health ONLINE = new Health.Online(6, 6);
    private static final Failure SLOW = new Failure(Trouble.SILENT, "is slow");
    private static final Failure BROKEN = new Failure(Trouble.BROKEN, "is broken");
    private static final Failure GONE = new Failure(Trouble.REFUSED, "is gone");
    private static final Failure BUSY = new Failure(Trouble.OWN_LIMIT, "is as busy as we allow");
    private static final Failure[] FAILURES = {SLOW, BROKEN, GONE, BUSY};

    private final HealthRule rule = new HealthRule(3, 2, 6);

    @Test
    void oneHiccupMakesAServerUnstableAndOnlyMoreOfThemOffline() {
        var once = rule.failed(ONLINE, SLOW, NOW);
        var twice = rule.failed(once, BROKEN, NOW);
        var thrice = rule.failed(twice, SLOW, NOW);
        assertThat(once).isEqualTo(new Health.Unstable(1, 0, SLOW));
        assertThat(twice).isEqualTo(new Health.Unstable(2, 0, BROKEN));
        assertThat(thrice).isEqualTo(new Health.Offline(NOW, SLOW, 0));
    }

    @Test
    void aRefusedConnectionWeighsAsMuchAsTwoSlowAnswers() {
        var once = rule.failed(ONLINE, GONE, NOW);
        assertThat(once).isEqualTo(new Health.Unstable(2, 0, GONE));
        assertThat(rule.failed(once, SLOW, NOW)).isInstanceOf(Health.Offline.class);
        assertThat(rule.failed(rule.failed(ONLINE, SLOW, NOW), GONE, NOW))
                .isInstanceOf(Health.Offline.class);
    }

    @Test
    void oneFailureAloneNeverMakesAServerOffline() {
        for (int threshold = 2; threshold <= 20; threshold++) {
            var any = new HealthRule(threshold, 2, 6);
            for (Failure failure : FAILURES) {
                assertThat(any.failed(ONLINE, failure, NOW)).isNotInstanceOf(Health.Offline.class);
                var touched = any.callFailed(ONLINE, failure);
                assertThat(any.failed(touched, failure, NOW)).isNotInstanceOf(Health.Offline.class);
            }
        }
    }

    @Test
    void failedCallsTakeAServerOutOfPlacementAtOnceButNeverOffline() {
        Health health = rule.callFailed(ONLINE, GONE);
        assertThat(health).isEqualTo(new Health.Unstable(0, 0, GONE));
        for (int i = 0; i < 100; i++) {
            health = rule.callFailed(health, FAILURES[i % FAILURES.length]);
            assertThat(health).isInstanceOf(Health.Unstable.class);
        }
        assertThat(rule.answered(rule.answered(health))).isEqualTo(new Health.Online(1, 6));
    }

    @Test
    void aGoodCallForgivesFailedPollsButBringsNothingBack() {
        var failing = rule.failed(rule.failed(ONLINE, SLOW, NOW), SLOW, NOW);
        assertThat(rule.callAnswered(failing)).isEqualTo(new Health.Unstable(0, 0, SLOW));
        var recovering = new Health.Unstable(0, 1, SLOW);
        assertThat(rule.callAnswered(recovering)).isEqualTo(recovering);
        var offline = new Health.Offline(NOW, GONE, 1);
        assertThat(rule.callAnswered(offline)).isEqualTo(offline);
        assertThat(rule.callFailed(offline, SLOW)).isEqualTo(offline);
        assertThat(rule.callAnswered(ONLINE)).isEqualTo(ONLINE);
    }

    @Test
    void ourOwnLimitSaysNothingOfTheServer() {
        for (Health health : new Health[] {ONLINE, new Health.Unstable(2, 0, SLOW)}) {
            assertThat(rule.failed(health, BUSY, NOW)).isEqualTo(health);
            assertThat(rule.callFailed(health, BUSY)).isEqualTo(health);
        }
    }

    @Test
    void oneLuckyAnswerGivesNoFalseHope() {
        var offline = new Health.Offline(NOW, GONE, 0);
        var once = rule.answered(offline);
        assertThat(once).isEqualTo(new Health.Offline(NOW, GONE, 1));
        assertThat(rule.answered(once)).isInstanceOf(Health.Online.class);
        assertThat(rule.failed(once, SLOW, NOW.plusSeconds(9)))
                .isEqualTo(new Health.Offline(NOW, SLOW, 0));
    }

    @Test
    void aServerThatComesBackGetsItsShareStepByStep() {
        var health = rule.answered(new Health.Offline(NOW, GONE, 1));
        for (int polls = 1; polls <= 6; polls++) {
            assertThat(health).isEqualTo(new Health.Online(polls, 6));
            assertThat(((Health.Online) health).share()).isEqualTo(polls / 6.0);
            health = rule.answered(health);
        }
        assertThat(health).isEqualTo(ONLINE);
    }

    @Test
    void aServerSeenForTheFirstTimeHasItsWholeShareAtOnce() {
        assertThat(rule.answered(new Health.Unstable(0, 1, Health.NOT_POLLED))).isEqualTo(ONLINE);
    }

    @Test
    void onlyFailuresInARowCount() {
        var unstable = new Health.Unstable(2, 0, SLOW);
        var better = rule.answered(unstable);
        assertThat(better).isEqualTo(new Health.Unstable(0, 1, SLOW));
        assertThat(rule.failed(better, BROKEN, NOW)).isEqualTo(new Health.Unstable(1, 0, BROKEN));
        assertThat(rule.answered(better)).isInstanceOf(Health.Online.class);
    }

    @Test
    void aThresholdOfOneIsReachedAtOnce() {
        var strict = new HealthRule(1, 1, 1);
        var online = new Health.Online(1, 1);
        assertThat(strict.failed(online, SLOW, NOW)).isEqualTo(new Health.Offline(NOW, SLOW, 0));
        assertThat(strict.callFailed(online, SLOW)).isEqualTo(new Health.Unstable(0, 0, SLOW));
        assertThat(strict.answered(new Health.Offline(NOW, SLOW, 0))).isEqualTo(online);
        assertThat(strict.answered(new Health.Unstable(0, 0, Health.NOT_POLLED))).isEqualTo(online);
    }

    @Test
    void whateverPollsShowedEnoughInARowDecides() {
        var random = new Random(20261120);
        for (int i = 0; i < 2_000; i++) {
            var any =
                    new HealthRule(
                            random.nextInt(1, 6), random.nextInt(1, 6), random.nextInt(1, 9));
            Health down = anyHistory(any, random);
            for (int n = 0; n < any.failuresUntilOffline(); n++) {
                down = any.failed(down, SLOW, NOW);
                down = any.callFailed(down, FAILURES[random.nextInt(FAILURES.length)]);
            }
            assertThat(down).isInstanceOf(Health.Offline.class);
            Health up = down;
            for (int n = 0; n < any.successesUntilOnline(); n++) {
                assertThat(up).isInstanceOf(Health.Offline.class);
                up = any.callAnswered(any.answered(up));
            }
            assertThat(up).isEqualTo(new Health.Online(1, any.successesUntilFull()));
        }
    }

    private static Health anyHistory(HealthRule rule, Random random) {
        Health health = new Health.Unstable(0, 0, Health.NOT_POLLED);
        for (int n = random.nextInt(30); n > 0; n--) {
            var failure = FAILURES[random.nextInt(FAILURES.length)];
            health =
                    switch (random.nextInt(4)) {
                        case 0 -> rule.answered(health);
                        case 1 -> rule.failed(health, failure, NOW);
                        case 2 -> rule.callFailed(health, failure);
                        default -> rule.callAnswered(health);
                    };
        }
        return health;
    }
}
