// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// How far what an instance remembers can be trusted.
public enum Reach {
    /// All changes are heard of: memory is as good as the database.
    FOLLOWING,
    /// The database answers, but changes may have gone unheard: it is asked until memory is rebuilt.
    BEHIND,
    /// The database does not answer: memory is all there is.
    AWAY
}
