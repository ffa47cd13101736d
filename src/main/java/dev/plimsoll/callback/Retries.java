// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// When an event is told again to a receiver that did not take it.
final class Retries {

    // BBB: the same, and then the hook is removed
    private static final List<Duration> WAITS =
            IntStream.of(
                            100, 500, 1000, 2000, 4000, 8000, 10_000, 30_000, 60_000, 60_000,
                            60_000, 60_000)
                    .mapToObj(Duration::ofMillis)
                    .toList();

    private Retries() {}

    /// How long to wait after so many failures of one event, the last one included; empty when it is given up.
    static Optional<Duration> after(int failures) {
        return failures <= WAITS.size() ? Optional.of(WAITS.get(failures - 1)) : Optional.empty();
    }
}
