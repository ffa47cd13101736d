// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

final class HttpSettingsTest {

    @TempDir private Path directory = Path.of("");

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(HttpSettings::read, Map.of()))
                .isEqualTo(
                        new HttpSettings(
                                "127.0.0.1",
                                8090,
                                Optional.empty(),
                                ranges("127.0.0.1"),
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
                                "PLIMSOLL_HTTP_TRUSTED_PROXIES", "10.0.0.1:10.0.0.0/8",
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
                                ranges("10.0.0.1", "10.0.0.0/8"),
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
    @ValueSource(strings = {"0.0.0.0", "::1", "localhost", "bbb-1.example.org", "a_b", "3com"})
    void aHostIsAnAddressOrAName(String host) {
        assertThat(settled(HttpSettings::read, Map.of("PLIMSOLL_HTTP_HOST", host)).host())
                .isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999.1.1.1", "1.2.3", "10", "a b", "a:1", "http://a", "a..b", "-/"})
    void aHostThatIsNeitherIsRefused(String host) {
        assertThatThrownBy(() -> settled(HttpSettings::read, Map.of("PLIMSOLL_HTTP_HOST", host)))
                .hasMessageStartingWith(
                        "http.host = " + host + " is neither an address nor a host name");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5, 10.0.0.5, 10.0.0.6",
        "10.1.2.3/8, 10.255.0.1, 11.0.0.1",
        "192.168.4.0/22, 192.168.7.255, 192.168.8.0",
        "0.0.0.0/0, 203.0.113.7, ::1",
        "::1, 0:0:0:0:0:0:0:1, ::2",
        "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
        "10.0.0.0/8, ::ffff:10.1.1.1, ::10.1.1.1",
        "10.0.0.0/8, 10.1.1.1, bbb.example.org",
        "10.0.0.0/8, 10.1.1.1, 10",
        "10.0.0.0/8, 10.1.1.1, ''"
    })
    void whatARangeHoldsIsTrusted(String range, String within, String outside) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("p.yaml"), "http.trusted-proxies: ['" + range + "']\n");
        var settings = HttpSettings.read(Config.load(Optional.of(file), Map.of()));
        assertThat(settings.trusts(within)).isTrue();
        assertThat(settings.trusts(outside)).isFalse();
    }

    /// The header is the caller's to write.
    @Test
    @Timeout(2)
    void whoTakesALongTextForAnAddressDoesNotTakeLong() {
        var settings = settled(HttpSettings::read, Map.of());
        assertThat(settings.trusts(":".repeat(1_000_000) + "x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus..", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10/8", "a.org"})
    void whatIsNoProxyIsRefused(String range) {
        assertThatThrownBy(() ->
                        settled(HttpSettings::read, Map.of("PLIMSOLL_HTTP_TRUSTED_PROXIES", range)))
                .hasMessageStartingWith(
                        "http.trusted-proxies: " + range + " is neither an address nor a range");
    }

    static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(text -> AddressRange.of(text).orElseThrow()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:pw@bbb.example.org",
                "https://bbb.example.org/?x=y",
                "https://bbb.example.org/#x",
                "bbb.example.org",
                "ftp://bbb.example.org",
                "https://",
                "a b"
            })
    void aPublicUrlIsAnHttpAddress(String url) {
        assertThatThrownBy(() -> settled(HttpSettings::read, Map.of("PLIMSOLL_PUBLIC_URL", url)))
                .hasMessage("public-url is not a plain address; write https://bbb.example.org");
    }
}
