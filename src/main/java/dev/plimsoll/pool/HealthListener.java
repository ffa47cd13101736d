// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.db.Tx;

/// Hears when a server becomes online, unstable or offline, in the transaction that makes it so.
@FunctionalInterface
public interface HealthListener {

    /// Called only when the word changes, not for each step that is counted. What it throws undoes the change.
    void changed(Tx tx, Server before, Server after);
}
