// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A statement that changes or adds one row, or none; and what is announced if it does.
///
/// @param sql an UPDATE with WHERE, or an INSERT … SELECT without
/// @param values by name, each of a type that the database has
/// @param news announces the change
/// @param next is done only if this changes something, and then must change something, too
public record Write(
        String sql, Map<String, Object> values, Consumer<Tx> news, Optional<Write> next) {

    public Write(String sql, Map<String, Object> values, Consumer<Tx> news) {
        this(sql, values, news, Optional.empty());
    }

    public Write {
        values = Map.copyOf(values);
    }

    /// The same, if a condition does not hold.
    ///
    /// @param condition in SQL, with values of its own
    public Write unless(String condition, Map<String, Object> also) {
        return new Write(sql + " AND NOT (" + condition + ")", merged(values, also), news, next);
    }

    /// Both or neither: the second must not depend on what the first does not check.
    public Write then(Write second) {
        return new Write(sql, values, news, Optional.of(second));
    }

    /// Announces all that it changes.
    void tell(Tx tx) {
        news.accept(tx);
        next.ifPresent(second -> second.tell(tx));
    }

    /// The same in one statement, for a database that takes such: it asks one question, and each is a way there and
    /// back.
    Write joined() {
        return next.map(second ->
                        new Write(
                                "WITH first AS ("
                                        + sql
                                        + " RETURNING 1) "
                                        + second.sql
                                        + " WHERE EXISTS (SELECT 1 FROM first)",
                                merged(values, second.values),
                                this::tell))
                .orElse(this);
    }

    /// @throws IllegalArgumentException when a name would mean two things
    static Map<String, Object> merged(Map<String, Object> some, Map<String, Object> others) {
        var all = new HashMap<>(some);
        others.forEach((name, value) -> {
            var known = all.putIfAbsent(name, value);
            if (known != null && !known.equals(value)) {
                throw new IllegalArgumentException("two values for " + name);
            }
        });
        return all;
    }
}
