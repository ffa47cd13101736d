// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import java.time.Instant;

/// How a server's health follows from what we see of it: consecutive thresholds both ways, so that one hiccup
/// makes nobody panic and one lucky answer gives no false hope. Pure.
///
/// @param failuresUntilOffline failures in a row until a server is given up
/// @param successesUntilOnline good answers in a row until it takes new meetings again
public record HealthRule(int failuresUntilOffline, int successesUntilOnline) {

    /// The health after an answer as it should be.
    public Health answered(Health before) {
        int successes =
                switch (before) {
                    case Health.Online() -> successesUntilOnline;
                    case Health.Unstable(_, int inARow, _) -> inARow + 1;
                    case Health.Offline(_, _, int inARow) -> inARow + 1;
                };
        if (successes >= successesUntilOnline) {
            return new Health.Online();
        }
        return switch (before) {
            case Health.Online() -> before;
            case Health.Unstable(_, _, String reason) -> new Health.Unstable(0, successes, reason);
            case Health.Offline(Instant since, String reason, _) ->
                    new Health.Offline(since, reason, successes);
        };
    }

    /// The health after a failure.
    public Health failed(Health before, String reason, Instant now) {
        int failures =
                switch (before) {
                    case Health.Online() -> 1;
                    case Health.Unstable(int inARow, _, _) -> inARow + 1;
                    case Health.Offline _ -> failuresUntilOffline;
                };
        if (failures < failuresUntilOffline) {
            return new Health.Unstable(failures, 0, reason);
        }
        Instant since = before instanceof Health.Offline(Instant earlier, _, _) ? earlier : now;
        return new Health.Offline(since, reason, 0);
    }
}
