// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// The database cannot be reached, or not in time; it will be again. What was being written may have been committed
/// or not: an answer can be lost on its way back.
public final class DatabaseAway extends DatabaseException {

    private static final long serialVersionUID = 1;

    /// For those who read our answers.
    public static final String WORDS =
            "The database does not answer, so nothing can be opened or changed just now. Please try again in a moment.";

    public DatabaseAway(String message, Throwable cause) {
        super(message, cause);
    }

    public DatabaseAway(String message) {
        super(message);
    }
}
