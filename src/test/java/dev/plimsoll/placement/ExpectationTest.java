// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.pool.Caps;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

final class ExpectationTest {

    private static final PlacementSettings USUAL =
            new PlacementSettings(0.5, 2, 20, Duration.ofMinutes(10), Caps.NONE, 100);

    @ParameterizedTest
    @CsvSource({
        "'', 20",
        "meta_bbb-meeting-size-hint=50, 50",
        "meta_bbb-meeting-size-hint=+50+, 50",
        "meta_bbb-meeting-size-hint=5, 20",
        "load=3, 60",
        "load=0.1, 20",
        "load=2&meta_bbb-meeting-size-hint=90, 90",
        "load=9&meta_bbb-meeting-size-hint=90, 180",
        "meta_bbb-meeting-size-hint=1000000, 2000",
        "load=1e300, 2000",
        "load=1e400, 20",
        "load=NaN, 20",
        "load=-5&meta_bbb-meeting-size-hint=-5, 20",
        "meta_bbb-meeting-size-hint=many&load=, 20"
    })
    void aHintRaisesTheExpectationAndNeverLowersIt(String query, double users) {
        assertThat(Expectation.of(Params.parse(query), USUAL)).isEqualTo(new Expectation(users));
    }

    @ParameterizedTest
    @CsvSource({"0, '', 20", "15, '', 20", "60, '', 60", "60, load=5, 100", "9000, '', 2000"})
    void whatTheRoomHadBeforeRaisesTheExpectationAndNeverLowersIt(
            int peak, String query, double users) {
        assertThat(Expectation.of(Params.parse(query), peak, USUAL))
                .isEqualTo(new Expectation(users));
    }

    @ParameterizedTest
    @CsvSource({"99, false", "100, true", "300, true"})
    void aMeetingIsBigFromTheSettingOn(double users, boolean big) {
        assertThat(new Expectation(users).isBig(USUAL)).isEqualTo(big);
    }
}
