// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.Handle;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A writing transaction. Holds no call to the outside: while it is open, nobody else writes.
public sealed class Tx extends Session permits PostgresTx {

    private final Map<Change, Optional<?>> changes = new LinkedHashMap<>();

    /// Rows that were read and have not been changed since; while the transaction is open, nobody else can.
    private final Map<Change, Object> read = new HashMap<>();

    Tx(Handle handle) {
        super(handle);
    }

    /// Waits until no other instance writes. Who does not ask for that waits with the first question.
    void excludeOthers() {
        // With one instance there are none.
    }

    /// Makes a change, and announces it if there was something to change.
    ///
    /// @return whether there was
    /// @throws IllegalStateException when only the first of two that belong together was done
    public boolean does(Write write) {
        boolean done = handle().createUpdate(write.sql()).bindMap(write.values()).execute() > 0;
        if (done) {
            write.news().accept(this);
            if (write.next().isPresent() && !does(write.next().get())) {
                throw new IllegalStateException("a write was done by half");
            }
        }
        return done;
    }

    /// Makes changes in their order, or, where that saves questions, alike ones together; those that are not alike must
    /// not depend on each other.
    ///
    /// @return for each whether there was something to change
    List<Boolean> does(List<Write> writes) {
        return writes.stream().map(this::does).toList();
    }

    /// Makes a change that shares the transaction with no other. Where that saves questions, commits as well: what is
    /// asked afterwards, if there was nothing to change, is asked in another transaction.
    ///
    /// @return whether there was something to change
    boolean doesAlone(Write write) {
        return does(write);
    }

    /// Does something as if all that it announces were done, and forgets that again.
    void supposing(Runnable work) {
        var told = new LinkedHashMap<>(changes);
        var known = new HashMap<>(read);
        work.run();
        changes.clear();
        changes.putAll(told);
        read.clear();
        read.putAll(known);
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
