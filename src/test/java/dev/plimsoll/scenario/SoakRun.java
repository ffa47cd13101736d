// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/// `make soak`: many rounds; each ten with a seed of their own, and with that, other duties of each instance.
@Timeout(7200)
final class SoakRun {

    private static final int ROUNDS_OF_A_SEED = 10;
    private static final Duration PAUSE = Duration.ofSeconds(30);

    @TempDir private Path directory = Path.of("");

    private interface Play {
        void play(Soak soak, int rounds) throws InterruptedException;
    }

    @Test
    void whoeverIsKilledTheOtherGoesOn() throws InterruptedException {
        play(Integer.parseInt(setting("SOAK_ROUNDS", "100")), Soak::playKills);
    }

    @Test
    void howeverTheDatabaseGoesAwayWhatIsKnownGoesOn() throws InterruptedException {
        play(
                Integer.parseInt(setting("SOAK_OUTAGES", "20")),
                (soak, rounds) -> soak.playOutages(rounds, PAUSE));
    }

    private void play(int rounds, Play play) throws InterruptedException {
        long seed = Long.parseLong(setting("SOAK_SEED", "1"));
        for (int left = rounds; left > 0; left -= ROUNDS_OF_A_SEED) {
            try (var soak = new Soak(seed, directory.resolve("seed-" + seed))) {
                play.play(soak, Math.min(left, ROUNDS_OF_A_SEED));
            }
            seed++;
        }
    }

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
