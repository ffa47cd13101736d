// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

final class SecretTest {

    private static final Secret SECRET = new Secret("geheim");

    @Test
    void isNeverPrinted() {
        assertThat(SECRET + " " + List.of(SECRET) + Optional.of(SECRET) + "%s".formatted(SECRET))
                .doesNotContain("geheim")
                .contains("••••");
        assertThat(SECRET.reveal()).isEqualTo("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void isNeverBlank(String blank) {
        assertThatThrownBy(() -> new Secret(blank)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void comparesItsWholeValue() {
        assertThat(SECRET.matches("geheim")).isTrue();
        assertThat(SECRET.matches("geheimer")).isFalse();
        assertThat(SECRET.matches("")).isFalse();
        assertThat(SECRET).isEqualTo(new Secret("geheim")).isNotEqualTo(new Secret("Geheim"));
        assertThat(SECRET).hasSameHashCodeAs(new Secret("geheim"));
    }
}
