// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

final class PollSettingsTest {

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(PollSettings::read, Map.of()))
                .isEqualTo(
                        new PollSettings(
                                Duration.ofSeconds(10),
                                Duration.ofMillis(2500),
                                Duration.ofSeconds(5),
                                new HealthRule(3, 2, 6)));
    }

    @Test
    void everySettingReachesItsPlace() {
        var all =
                Map.of(
                        "PLIMSOLL_POLL_INTERVAL", "1s",
                        "PLIMSOLL_POLL_HEARTBEAT", "300ms",
                        "PLIMSOLL_POLL_TIMEOUT", "2s",
                        "PLIMSOLL_POLL_FAILURES_UNTIL_OFFLINE", "4",
                        "PLIMSOLL_POLL_SUCCESSES_UNTIL_ONLINE", "5",
                        "PLIMSOLL_POLL_SUCCESSES_UNTIL_FULL", "7");
        assertThat(settled(PollSettings::read, all))
                .isEqualTo(
                        new PollSettings(
                                Duration.ofSeconds(1),
                                Duration.ofMillis(300),
                                Duration.ofSeconds(2),
                                new HealthRule(4, 5, 7)));
    }
}
