// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.Locale;

/// How far what an instance remembers can be trusted.
public enum Reach {
    /// All changes are heard of: memory is as good as the database.
    FOLLOWING,
    /// The database answers, but changes may have gone unheard: it is asked until memory is rebuilt.
    BEHIND,
    /// It is being found out, within seconds, whether the database answers: until then memory speaks, so that nobody
    /// waits, and changes are tried.
    DOUBTED,
    /// The database does not answer: memory is all there is, and nothing can be changed.
    AWAY,
    /// The database has not answered for so long that memory is no good any more.
    STALE;

    /// As metrics name it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it is known that the database does not answer.
    public boolean isAway() {
        return this == AWAY || this == STALE;
    }
}
