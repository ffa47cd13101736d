// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// `make chaos`: many rounds, each ten with a seed of their own.
@Timeout(3600)
final class ChaosRun {

    private static final int ROUNDS_OF_A_SEED = 10;

    @TempDir private Path directory = Path.of("");

    @Test
    void everyMeetingIsThereOnceAfterManyRounds() throws InterruptedException {
        int rounds = Integer.parseInt(setting("CHAOS_ROUNDS", "50"));
        long first = Long.parseLong(setting("CHAOS_SEED", "1"));
        for (int i = 0; i * ROUNDS_OF_A_SEED < rounds; i++) {
            System.out.printf(
                    "rounds %d to %d, seed %d%n",
                    i * ROUNDS_OF_A_SEED + 1, (i + 1) * ROUNDS_OF_A_SEED, first + i);
            try (var chaos = new Chaos(first + i, directory.resolve("seed-" + i))) {
                chaos.play(ROUNDS_OF_A_SEED);
                assertThat(chaos.running()).isGreaterThan(5);
            }
        }
    }

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
