// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

final class ResponseTest {

    @ParameterizedTest
    @ValueSource(strings = {"/a\r\nSet-Cookie: x=1", "/a\nb", "/a\rb", "/a\u0000", "/a\u007f"})
    void noHeaderCanBeSmuggledIn(String value) {
        assertThatThrownBy(() -> Response.redirect(value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(200, "text/plain", "").with("X-Y", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(200, value, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeaderMoreLeavesTheResponseAsItWas() {
        var plain = Response.of(200, "text/plain", "é");
        assertThat(plain.with("A", "1").with("B", "2").headers())
                .isEqualTo(Map.of("A", "1", "B", "2"));
        assertThat(plain.headers()).isEmpty();
        assertThat(Response.redirect("https://h/x?a=b").headers())
                .isEqualTo(Map.of("Location", "https://h/x?a=b"));
    }
}
