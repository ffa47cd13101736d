// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// The database cannot be reached, or not in time; it will be again.
public final class DatabaseAway extends DatabaseException {

    private static final long serialVersionUID = 1;

    /// For those who read our answers.
    public static final String WORDS =
            "The database does not answer, so nothing can be opened or changed just now. Please try again in a moment.";

    private final boolean inDoubt;

    public DatabaseAway(String message) {
        super(message);
        this.inDoubt = false;
    }

    public DatabaseAway(String message, Throwable cause) {
        this(message, cause, false);
    }

    private DatabaseAway(String message, Throwable cause, boolean inDoubt) {
        super(message, cause);
        this.inDoubt = inDoubt;
    }

    /// When the connection was lost, perhaps with the answer on its way back.
    static DatabaseAway inDoubt(String message, Throwable cause) {
        return new DatabaseAway(message, cause, true);
    }

    /// Whether what was to be written may be committed all the same.
    public boolean isInDoubt() {
        return inDoubt;
    }
}
