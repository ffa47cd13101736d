// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Random;

final class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "10s, PT10S",
        "5m, PT5M",
        "2h, PT2H",
        "1d, PT24H",
        "' 10 s ', PT10S",
        "0s, PT0S",
        "0090s, PT90S"
    })
    void readsWhatPeopleWrite(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "10",
                "5 apples",
                "-5s",
                "+5s",
                "1.5h",
                "5S",
                "1h30m",
                "PT5S",
                "٥s",
                "99999999999s",
                "999999999d",
                "5s\n5s"
            })
    void whatIsNoDurationIsEmpty(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.5S, 500ms",
        "PT10S, 10s",
        "PT90S, 90s",
        "PT5M, 5m",
        "PT90M, 90m",
        "PT2H, 2h",
        "PT48H, 2d",
        "PT0S, 0s"
    })
    void writesTheLargestUnitThatLosesNothing(Duration duration, String text) {
        assertThat(Durations.write(duration)).isEqualTo(text);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var random = new Random(20261120);
        for (int i = 0; i < 2_000; i++) {
            var duration = Duration.ofMillis(random.nextLong(i % 2 == 0 ? 100_000 : 900_000_000));
            assertThat(Durations.parse(Durations.write(duration))).contains(duration);
        }
    }
}
