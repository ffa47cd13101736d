// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.Optional;

/// A kind of rows whose changes are announced, such as the meetings.
///
/// @param name one word, the same on all instances and in all releases
/// @param row what is remembered of one row
public record Topic<T>(String name, Class<T> row) {

    /// Who hears of changes, after the commit.
    @FunctionalInterface
    public interface Listener<T> {

        /// @param key which row changed
        /// @param written the row as it is now, if the transaction told; else it is to be read
        void changed(String key, Optional<T> written);
    }
}
