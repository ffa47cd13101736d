// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.Handle;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A writing transaction. Holds no call to the outside: while it is open, nobody else writes.
public final class Tx extends Session {

    private final Map<Change, Optional<?>> changes = new LinkedHashMap<>();

    /// Rows that were read and have not been changed since; while the transaction is open, nobody else can.
    private final Map<Change, Object> read = new HashMap<>();

    private final boolean joins;

    /// @param joins whether the database takes a statement that changes two tables
    Tx(Handle handle, boolean joins) {
        super(handle);
        this.joins = joins;
    }

    /// Makes a change, and announces it if there was something to change.
    ///
    /// @return whether there was
    public boolean does(Write write) {
        boolean done = execute(write.sql(), write.values()) > 0;
        if (done) {
            write.news().accept(this);
        }
        return done;
    }

    /// Does the second only if the first changes something: in one question where the database can, since each is a way
    /// there and back.
    ///
    /// @return whether both did
    /// @throws IllegalStateException when only the first did; the second must not depend on what the first does not check
    public boolean does(Write first, Write second) {
        if (!joins) {
            if (!does(first)) {
                return false;
            }
            if (!does(second)) {
                throw new IllegalStateException("a write was done by half");
            }
            return true;
        }
        String both =
                "WITH first AS (%s RETURNING 1) %s WHERE EXISTS (SELECT 1 FROM first)"
                        .formatted(first.sql(), second.sql());
        boolean done = execute(both, Write.merged(first.values(), second.values())) > 0;
        if (done) {
            first.news().accept(this);
            second.news().accept(this);
        }
        return done;
    }

    private int execute(String sql, Map<String, Object> values) {
        return handle().createUpdate(sql).bindMap(values).execute();
    }

    /// Tells every instance of the change once, and only if, the transaction commits.
    public void announce(Topic<?> topic, String key) {
        announce(new Change(topic.name(), key), Optional.empty());
    }

    /// The same of a row that is known, so that this instance need not read it: exactly what a reader would find.
    public <T> void announce(Topic<T> topic, String key, T written) {
        announce(new Change(topic.name(), key), Optional.of(written));
    }

    private void announce(Change change, Optional<?> written) {
        changes.put(change, written);
        read.remove(change);
    }

    /// Keeps a row that was read, so that other work that shares the transaction need not read it as well.
    ///
    /// @return the row
    public <T> T keep(Topic<T> topic, String key, T row) {
        read.put(new Change(topic.name(), key), row);
        return row;
    }

    /// The keys of rows that may not be as they are remembered: that have changed in this transaction, by this work or by
    /// other work that shares its commit, or that were kept.
    public Set<String> touched(Topic<?> topic) {
        return Stream.of(changes.keySet(), read.keySet())
                .flatMap(Set::stream)
                .filter(change -> change.topic().equals(topic.name()))
                .map(Change::key)
                .collect(Collectors.toSet());
    }

    /// A row as it is now, if it was told or kept; else it is to be read.
    public <T> Optional<T> known(Topic<T> topic, String key) {
        var change = new Change(topic.name(), key);
        Object kept = read.get(change);
        return (kept == null ? changes.getOrDefault(change, Optional.empty()) : Optional.of(kept))
                .map(topic.row()::cast);
    }

    /// What was announced, in that order, with the rows that were told.
    Map<Change, Optional<?>> changes() {
        return changes;
    }
}
