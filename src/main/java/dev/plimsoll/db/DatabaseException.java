// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;

/// The database cannot do its work: disk full, file damaged. Nothing was committed, unless it is a [DatabaseAway].
public sealed class DatabaseException extends RuntimeException permits DatabaseAway {

    private static final long serialVersionUID = 1;

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    public DatabaseException(String message) {
        super(message);
    }

    /// @param place as an operator names it
    static DatabaseException unopened(String place, Exception e) {
        return new DatabaseException(
                "cannot open the database at %s: %s".formatted(place, why(e)), e);
    }

    /// @param place as an operator names it
    static DatabaseException unread(String place, Exception e) {
        return new DatabaseException(
                "the database at %s could not be read to its end: %s".formatted(place, why(e)), e);
    }

    /// In one line that holds nothing of what is in the tables; libraries write whole blocks.
    private static String why(Exception e) {
        Throwable root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SQLiteException sqlite when isDamage(sqlite.getResultCode()) -> {
                    // A -wal that is left would be played into what is restored.
                    return "the file is damaged, or no database; move it away with its -wal and -shm, and restore a"
                            + " backup (`plimsoll restore`)";
                }
                case UnknownHostException _ -> {
                    return "the name of its host is not known here";
                }
                case SocketTimeoutException _ -> {
                    return "it does not answer";
                }
                default -> root = root instanceof SQLException ? root : cause;
            }
        }
        return String.valueOf(root.getMessage()).strip().lines().findFirst().orElse("");
    }

    private static boolean isDamage(SQLiteErrorCode code) {
        // The lower byte says what it is, the others say more of it.
        int primary = code.code & 0xff;
        return primary == SQLiteErrorCode.SQLITE_CORRUPT.code
                || primary == SQLiteErrorCode.SQLITE_NOTADB.code;
    }
}
