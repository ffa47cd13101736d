// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

final class BbbSettingsTest {

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(BbbSettings::read, Map.of()))
                .isEqualTo(
                        new BbbSettings(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(20),
                                16_000_000,
                                64));
    }

    @Test
    void everySettingReachesItsPlace() {
        var all =
                Map.of(
                        "PLIMSOLL_BBB_CONNECT_TIMEOUT", "1s",
                        "PLIMSOLL_BBB_ANSWER_TIMEOUT", "2s",
                        "PLIMSOLL_BBB_CREATE_TIMEOUT", "3s",
                        "PLIMSOLL_BBB_MAX_ANSWER", "40000",
                        "PLIMSOLL_BBB_MAX_CONNECTIONS", "5");
        assertThat(settled(BbbSettings::read, all))
                .isEqualTo(
                        new BbbSettings(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                40_000,
                                5));
    }
}
