// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.pool.ServerId;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Servers whose last create of a new meeting failed, though their polls may be good. Such a server gets new meetings
/// only if no other can take them, for a time that doubles with each failure; then one create tries it, and whoever
/// comes meanwhile goes elsewhere. Only a create that succeeds clears it: nothing else shows that it creates meetings.
///
/// Avoided, not excluded: a create that fails everywhere, because its slides cannot be fetched, must not take the whole
/// pool out. Kept in memory, since a restart costs no more than one trial. Thread-safe.
final class Trials {

    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private record Doubt(int failures, Instant failedAt, Instant avoidedUntil) {

        static Duration pause(int failures) {
            var doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
            return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        }

        Doubt triedAt(Instant now) {
            return new Doubt(failures, failedAt, now.plus(pause(failures)));
        }
    }

    private final Map<ServerId, Doubt> doubts = new ConcurrentHashMap<>();

    /// The servers that get a new meeting only if no other can take it.
    Set<ServerId> avoided(Instant now) {
        return doubts.entrySet().stream()
                .filter(entry -> entry.getValue().avoidedUntil.isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// A create is placed there: the next ones are not, before it is known what becomes of this one.
    void begun(ServerId server, Instant now) {
        doubts.computeIfPresent(server, (_, doubt) -> doubt.triedAt(now));
    }

    void succeeded(ServerId server) {
        doubts.remove(server);
    }

    /// @param began when the create was sent: of many that hang in the same moment only the first one counts
    void failed(ServerId server, Instant began, Instant now) {
        doubts.compute(
                server,
                (_, doubt) -> {
                    if (doubt != null && doubt.failedAt.isAfter(began)) {
                        return doubt;
                    }
                    int failures = doubt == null ? 1 : doubt.failures + 1;
                    return new Doubt(failures, now, now).triedAt(now);
                });
    }
}
