// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.Handle;

import java.util.ArrayList;
import java.util.List;

/// A writing transaction. Holds no call to the outside: while it is open, nobody else writes.
public final class Tx extends Session {

    private final List<Change> changes = new ArrayList<>();

    Tx(Handle handle) {
        super(handle);
    }

    /// Tells every instance of the change once, and only if, the transaction commits.
    public void announce(String topic, String key) {
        var change = new Change(topic, key);
        if (!changes.contains(change)) {
            changes.add(change);
        }
    }

    List<Change> changes() {
        return changes;
    }
}
