// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The recordings that lie on one simulated server. Guarded by the lock of [Meetings].
final class Recordings {

    private static final Set<Recording.State> FINISHED =
            Set.of(Recording.State.PUBLISHED, Recording.State.UNPUBLISHED);

    // BBB: they are listed in the order of a hash map
    private final Map<String, Recording> byId = new HashMap<>();

    Collection<Recording> all() {
        return byId.values();
    }

    Optional<Recording> find(String recordId) {
        return Optional.ofNullable(byId.get(recordId));
    }

    /// Those of these ids that are published or unpublished. BBB: here ids count in full, not as prefixes.
    List<Recording> finished(Collection<String> recordIds) {
        return recordIds.stream()
                .distinct()
                .flatMap(id -> find(id).stream())
                .filter(recording -> FINISHED.contains(recording.state()))
                .toList();
    }

    /// Adds a recording, or puts it in the place of its former self.
    void put(Recording recording) {
        byId.put(recording.recordId(), recording);
    }

    Optional<Recording> remove(String recordId) {
        return Optional.ofNullable(byId.remove(recordId));
    }
}
