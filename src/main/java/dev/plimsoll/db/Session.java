// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.Handle;

/// What a store needs to read. Valid only while the work it was given to runs.
public sealed class Session permits Tx {

    private final Handle handle;

    Session(Handle handle) {
        this.handle = handle;
    }

    /// The connection, for the SQL of a store.
    public Handle handle() {
        return handle;
    }
}
