// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.bbb.Checksum.Algorithm;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

final class HookSettingsTest {

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(HookSettings::read, Map.of()))
                .isEqualTo(
                        new HookSettings(
                                1000,
                                10_000,
                                Duration.ofSeconds(30),
                                Optional.empty(),
                                Algorithm.SHA1));
    }

    @Test
    void everySettingReachesItsPlace() {
        var all =
                Map.of(
                        "PLIMSOLL_HOOKS_MAX", "7",
                        "PLIMSOLL_HOOKS_MAX_WAITING", "8",
                        "PLIMSOLL_HOOKS_CHECK_INTERVAL", "9s",
                        "PLIMSOLL_HOOKS_CALLBACK_URL", "http://10.0.0.5:8090/",
                        "PLIMSOLL_HOOKS_CHECKSUM", "sha384");
        assertThat(settled(HookSettings::read, all))
                .isEqualTo(
                        new HookSettings(
                                7,
                                8,
                                Duration.ofSeconds(9),
                                Optional.of(URI.create("http://10.0.0.5:8090")),
                                Algorithm.SHA384));
    }

    @Test
    void whatIsNoAddressIsAMistake() {
        assertThatThrownBy(() ->
                        settled(
                                HookSettings::read,
                                Map.of("PLIMSOLL_HOOKS_CALLBACK_URL", "10.0.0.5")))
                .hasMessageContaining("hooks.callback-url is not an address");
    }
}
