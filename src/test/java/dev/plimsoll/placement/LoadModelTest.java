// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import static dev.plimsoll.placement.Servers.NOW;
import static dev.plimsoll.placement.Servers.aServer;
import static dev.plimsoll.placement.Servers.reserving;
import static dev.plimsoll.placement.Servers.weighing;
import static dev.plimsoll.placement.Servers.withUsers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plimsoll.pool.Caps;
import dev.plimsoll.pool.Load;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

final class LoadModelTest {

    private static final Duration HALF_LIFE = Duration.ofMinutes(10);

    private final LoadModel model =
            new LoadModel(new PlacementSettings(0.5, 2, 20, HALF_LIFE, Caps.NONE, 100));

    @Test
    void peopleAudioAndCamerasCostDifferently() {
        assertThat(model.seen(new Load(2, 10, 4, 3, 8, 99, NOW))).isEqualTo(10 + 2 + 6);
    }

    @Test
    void halfOfAReservationIsGivenUpInEachHalfLife() {
        assertThat(model.decayed(20, Duration.ZERO)).isEqualTo(20);
        assertThat(model.decayed(20, HALF_LIFE)).isEqualTo(10);
        assertThat(model.decayed(20, HALF_LIFE.multipliedBy(2))).isEqualTo(5);
        assertThat(model.decayed(20, Duration.ofDays(36_500))).isBetween(0.0, 1e-9);
    }

    @Test
    void aClockThatWasSetBackMakesNothingGrow() {
        assertThat(model.decayed(20, HALF_LIFE.negated())).isEqualTo(20);
        var server = reserving(aServer("a"), 20, NOW.plus(HALF_LIFE));
        assertThat(model.reserved(server.load(), NOW)).isEqualTo(20);
    }

    @Test
    void aSumDecaysLikeItsParts() {
        var random = new Random(20261120);
        for (int i = 0; i < 2_000; i++) {
            double one = random.nextDouble(100);
            double other = random.nextDouble(100);
            var first = Duration.ofMillis(random.nextLong(3_600_000));
            var second = Duration.ofMillis(random.nextLong(3_600_000));
            double together = model.decayed(model.decayed(one, first) + other, second);
            double apart = model.decayed(one, first.plus(second)) + model.decayed(other, second);
            assertThat(together).isCloseTo(apart, within(1e-9));
            assertThat(together).isBetween(0.0, one + other);
        }
    }

    @Test
    void loadIsDividedByWeight() {
        var server = reserving(withUsers(aServer("a"), 30), 20, NOW);
        assertThat(model.load(server, NOW)).isEqualTo(50);
        assertThat(model.load(server, 10, NOW)).isEqualTo(60);
        assertThat(model.load(weighing(server, 2), 10, NOW)).isEqualTo(30);
        assertThat(model.load(weighing(server, 0.5), 10, NOW)).isEqualTo(120);
        assertThat(model.load(server, NOW.plus(HALF_LIFE))).isEqualTo(40);
    }
}
