// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import java.time.Duration;
import java.time.Instant;

/// How many meetings a server was given in the present minute, which begins with the first of them.
public record Intake(int count, Instant since) {

    /// None yet.
    public static final Intake NONE = new Intake(0, Instant.EPOCH);

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /// So many count at that time.
    public int at(Instant now) {
        // A clock that was set back must not keep a server closed.
        boolean over = now.isBefore(since) || !now.isBefore(since.plus(WINDOW));
        return over ? 0 : count;
    }

    /// The same after one more.
    Intake next(Instant now) {
        int before = at(now);
        return new Intake(before + 1, before == 0 ? now : since);
    }
}
