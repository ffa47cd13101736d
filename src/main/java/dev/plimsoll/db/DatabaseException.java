// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// The database cannot do its work: disk full, file damaged. Nothing was committed, unless it is a [DatabaseAway].
public sealed class DatabaseException extends RuntimeException permits DatabaseAway {

    private static final long serialVersionUID = 1;

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    public DatabaseException(String message) {
        super(message);
    }
}
