// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kind of rows whose changes are announced, such as the meetings.
///
/// @param name one word, the same on all instances and in all releases
/// @param row what is remembered of one row
public record Topic<T>(String name, Class<T> row) {

    /// How many rows are looked for in one question. With as many values each time, it is planned once.
    public static final int TOGETHER = 16;

    /// Who reads the rows that a transaction did not tell.
    @FunctionalInterface
    public interface Reader<T> {

        /// @param keys at most [#TOGETHER]
        /// @return by key those that there are
        Map<String, T> read(Session session, List<String> keys);
    }

    /// Who hears of changes, after the commit.
    @FunctionalInterface
    public interface Listener<T> {

        /// What changed at one time is told together.
        ///
        /// @param rows by key
        void changed(Map<String, Optional<T>> rows);
    }
}
