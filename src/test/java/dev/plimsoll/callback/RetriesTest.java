// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Secret;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;

final class RetriesTest {

    @Test
    void theWaitsAreThoseOfAServer() {
        assertThat(
                        IntStream.rangeClosed(1, 12)
                                .mapToObj(failures -> Retries.after(failures).orElseThrow())
                                .map(Duration::toMillis))
                .containsExactly(
                        100L, 500L, 1000L, 2000L, 4000L, 8000L, 10_000L, 30_000L, 60_000L, 60_000L,
                        60_000L, 60_000L);
        assertThat(Retries.after(13)).isEqualTo(Optional.empty());
    }

    @Test
    void theChecksumCoversAddressFormAndSecret() {
        // sha1("http://a/inx=1" + "s"), by sha1sum
        var secret = new Secret("s");
        assertThat(Courier.signed("http://a/in", "x=1", Algorithm.SHA1, secret))
                .isEqualTo("http://a/in?checksum=4d2b68145c97062722c79340a24f438f16357e9c");
        assertThat(Courier.signed("http://a/in?b=2", "x=1", Algorithm.SHA1, secret))
                .isEqualTo("http://a/in?b=2&checksum=49a2895987fe4d482cc2a40f84a14d75ec425e8a");
    }
}
