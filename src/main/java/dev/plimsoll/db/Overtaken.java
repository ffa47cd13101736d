// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.HashSet;
import java.util.Set;

/// What was heard of others since the own transaction began. Memory may already hold such a row as they left it, which
/// is newer than what the own transaction wrote, or older: nobody knows, so it is read. Not thread-safe.
final class Overtaken {

    private final Set<Change> changes = new HashSet<>();
    private boolean all;

    void begin() {
        changes.clear();
        all = false;
    }

    void by(Change change) {
        changes.add(change);
    }

    void byAll() {
        all = true;
    }

    boolean is(Change change) {
        return all || changes.contains(change);
    }
}
