// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/// A few rounds of what `make chaos` plays for longer.
@Timeout(240)
final class ChaosTest {

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void afterServersAndTheBalancerFailedAtRandomEveryMeetingIsThereOnce(long seed)
            throws InterruptedException {
        try (var chaos = new Chaos(seed, directory)) {
            chaos.play(4);
            assertThat(chaos.running()).isGreaterThan(5);
        }
    }
}
