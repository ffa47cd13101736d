// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// The database cannot do its work: disk full, file damaged, connection lost. Nothing was committed.
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    public DatabaseException(String message) {
        super(message);
    }
}
