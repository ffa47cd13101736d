// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import dev.plimsoll.testing.Alone;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/// A few rounds of what `make soak` plays for longer.
@Alone
@Timeout(240)
final class SoakTest {

    @TempDir private Path directory = Path.of("");

    @Test
    void whenOneInstanceIsKilledTheOtherGoesOnAndNothingIsLost() throws InterruptedException {
        try (var soak = new Soak(1, directory)) {
            soak.playKills(2);
        }
    }

    @Test
    void whenTheDatabaseGoesAwayWhatIsKnownGoesOnAndNothingIsLost() throws InterruptedException {
        try (var soak = new Soak(2, directory)) {
            soak.playOutages(Soak.Outage.values().length, Duration.ofSeconds(7));
        }
    }
}
