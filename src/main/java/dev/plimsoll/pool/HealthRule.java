// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Trouble;

import java.time.Instant;

/// How a server's health follows from what we see of it: consecutive thresholds both ways, so that one hiccup
/// makes nobody panic and one lucky answer gives no false hope. Pure.
///
/// Polls decide: only they give a server up, and only they take it back. Calls are quicker, but may fail for reasons
/// of their own: a failing one takes the server out of placement at once and makes the poller look at it.
///
/// @param failuresUntilOffline points in a row until a server is given up; a failed poll is 1, a refused one 2
/// @param successesUntilOnline good polls in a row until it takes new meetings again
/// @param successesUntilFull good polls until it has its whole share of them
public record HealthRule(
        int failuresUntilOffline, int successesUntilOnline, int successesUntilFull) {

    /// The health after a good poll.
    public Health answered(Health before) {
        return switch (before) {
            case Health.Online(int polls, _) -> online(polls + 1);
            case Health.Unstable(_, int earlier, Failure failure)
                    when earlier + 1 >= successesUntilOnline ->
                    // Seen for the first time, it is full at once: a new pool is even from the
                    // beginning.
                    online(failure.trouble() == Trouble.NONE ? successesUntilFull : 1);
            case Health.Unstable(_, int earlier, Failure failure) ->
                    new Health.Unstable(0, earlier + 1, failure);
            case Health.Offline(_, _, int earlier) when earlier + 1 >= successesUntilOnline ->
                    online(1);
            case Health.Offline(Instant since, Failure failure, int earlier) ->
                    new Health.Offline(since, failure, earlier + 1);
        };
    }

    private Health online(int polls) {
        return new Health.Online(Math.min(polls, successesUntilFull), successesUntilFull);
    }

    /// The health after a failed poll.
    public Health failed(Health before, Failure failure, Instant now) {
        if (failure.trouble() == Trouble.OWN_LIMIT) {
            return before;
        }
        int points =
                switch (before) {
                    case Health.Online _ -> first(failure);
                    case Health.Unstable(int earlier, _, _) ->
                            earlier == 0 ? first(failure) : earlier + points(failure);
                    case Health.Offline _ -> failuresUntilOffline;
                };
        if (points < failuresUntilOffline) {
            return new Health.Unstable(points, 0, failure);
        }
        Instant since = before instanceof Health.Offline(Instant earlier, _, _) ? earlier : now;
        return new Health.Offline(since, failure, 0);
    }

    /// One failure alone takes no server offline, unless one is what the operator wants.
    private int first(Failure failure) {
        return Math.min(points(failure), Math.max(1, failuresUntilOffline - 1));
    }

    /// Who refuses connections is gone, or as good as gone; who is slow may only be busy.
    private static int points(Failure failure) {
        return failure.trouble() == Trouble.REFUSED ? 2 : 1;
    }

    /// The health after a failed call, such as a create. It counts for nothing towards offline: many calls fail in the
    /// same moment when a server is restarted.
    public Health callFailed(Health before, Failure failure) {
        if (failure.trouble() == Trouble.OWN_LIMIT) {
            return before;
        }
        return switch (before) {
            case Health.Online _ -> new Health.Unstable(0, 0, failure);
            // Known already: a storm of failing calls changes nothing, and so writes nothing.
            case Health.Unstable(_, int successes, _) when successes == 0 -> before;
            case Health.Unstable(int points, _, _) -> new Health.Unstable(points, 0, failure);
            case Health.Offline _ -> before;
        };
    }

    /// The health after a good call: a server that does its work is not dead, whatever its polls say.
    public Health callAnswered(Health before) {
        return switch (before) {
            case Health.Unstable(int points, int successes, Failure failure) when points > 0 ->
                    new Health.Unstable(0, successes, failure);
            case Health.Online _, Health.Unstable _, Health.Offline _ -> before;
        };
    }
}
