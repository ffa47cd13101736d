// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.Map;
import java.util.Optional;

/// A kind of rows whose changes are announced, such as the meetings.
///
/// @param name one word, the same on all instances and in all releases
/// @param row what is remembered of one row
public record Topic<T>(String name, Class<T> row) {

    /// Who hears of changes, after the commit.
    @FunctionalInterface
    public interface Listener<T> {

        /// What changed at one time is told together, so that it can be read together.
        ///
        /// @param rows by key: as they are now, if the transaction told; else they are to be read
        void changed(Map<String, Optional<T>> rows);
    }
}
