// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

/// What this process keeps in memory, garbage collected first.
public final class Heap {

    private static final long MEGABYTE = 1_000_000;

    private final long before = used();

    /// Fails when more than so many megabytes have stayed since this was made.
    public void expectGrowthBelow(int megabytes) {
        long grown = used() - before;
        assertThat(grown / MEGABYTE).as("megabytes kept").isLessThan(megabytes);
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            var runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
