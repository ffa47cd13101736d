// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;

final class IntakeTest {

    private static final Instant NOW = Instant.parse("2026-11-20T11:00:00Z");

    @Test
    void aMinuteBeginsWithItsFirstMeeting() {
        var two = Intake.NONE.next(NOW).next(NOW.plusSeconds(30));
        assertThat(two).isEqualTo(new Intake(2, NOW));
        assertThat(two.at(NOW.plusSeconds(59))).isEqualTo(2);
        assertThat(two.at(NOW.plusSeconds(60))).isZero();
        assertThat(two.next(NOW.plusSeconds(60))).isEqualTo(new Intake(1, NOW.plusSeconds(60)));
    }

    @Test
    void aClockThatWasSetBackKeepsNoServerClosed() {
        assertThat(new Intake(9, NOW).at(NOW.minusSeconds(1))).isZero();
    }

    @Test
    void aCapOfOnesOwnGoesBeforeThePools() {
        assertThat(new Caps(0, 5, 0).or(new Caps(300, 40, 0))).isEqualTo(new Caps(300, 5, 0));
    }
}
