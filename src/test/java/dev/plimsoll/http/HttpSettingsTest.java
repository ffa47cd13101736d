// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class HttpSettingsTest {

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(HttpSettings::read, Map.of()))
                .isEqualTo(
                        new HttpSettings(
                                "127.0.0.1",
                                8090,
                                Optional.empty(),
                                List.of("127.0.0.1"),
                                65_536,
                                65_536,
                                20_000,
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(20)));
    }

    @Test
    void everySettingReachesItsPlace() {
        var all =
                new HashMap<>(
                        Map.of(
                                "PLIMSOLL_HTTP_HOST", "0.0.0.0",
                                "PLIMSOLL_HTTP_PORT", "0",
                                "PLIMSOLL_PUBLIC_URL", "https://bbb.example.org/",
                                "PLIMSOLL_HTTP_TRUSTED_PROXIES", "10.0.0.1:10.0.0.2",
                                "PLIMSOLL_HTTP_MAX_URL", "2000",
                                "PLIMSOLL_HTTP_MAX_HEADERS", "3000",
                                "PLIMSOLL_HTTP_MAX_CONNECTIONS", "40",
                                "PLIMSOLL_HTTP_IDLE", "5s",
                                "PLIMSOLL_HTTP_BODY_TIMEOUT", "7s",
                                "PLIMSOLL_HTTP_GRACE", "6s"));
        all.put("PLIMSOLL_HTTP_ANSWER_TIMEOUT", "8s");
        all.put("PLIMSOLL_HTTP_HEADER_TIMEOUT", "9s");
        assertThat(settled(HttpSettings::read, all))
                .isEqualTo(
                        new HttpSettings(
                                "0.0.0.0",
                                0,
                                Optional.of(URI.create("https://bbb.example.org")),
                                List.of("10.0.0.1", "10.0.0.2"),
                                2000,
                                3000,
                                40,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(9),
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                Duration.ofSeconds(6)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bbb.example.org", "ftp://bbb.example.org", "https://", "a b"})
    void aPublicUrlIsAnHttpAddress(String url) {
        assertThatThrownBy(() -> settled(HttpSettings::read, Map.of("PLIMSOLL_PUBLIC_URL", url)))
                .hasMessage("public-url is not an address; write https://bbb.example.org");
    }
}
