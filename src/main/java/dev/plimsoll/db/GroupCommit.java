// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Small writes of many threads, put into one transaction when they come at the same time: a commit waits for the
/// disk, and that wait is the same for one as for fifty.
///
/// The lock is right because all it makes a thread wait for is a commit that it needs anyway: whoever gets it does
/// the work of all who stand in line, and those find their own done when their turn comes. Thread-safe.
public final class GroupCommit {

    /// Bounds how long others wait for the database.
    private static final int MOST = 50;

    private final Database db;
    private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    public GroupCommit(Database db) {
        this.db = db;
    }

    /// Guarded by the lock, but for its work.
    private static final class Entry {
        final Consumer<Tx> work;
        boolean done;
        @Nullable RuntimeException failure;

        Entry(Consumer<Tx> work) {
            this.work = work;
        }
    }

    /// Does the work in a transaction, which may be others' as well; it is on disk when this returns. Work of one
    /// thread is done in its order.
    ///
    /// @param work may be done once more, alone, when something else in its transaction failed
    public void write(Consumer<Tx> work) {
        var mine = new Entry(work);
        waiting.add(mine);
        turn.lock();
        try {
            while (!mine.done) {
                commit(next());
            }
        } finally {
            turn.unlock();
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
    }

    private List<Entry> next() {
        var batch = new ArrayList<Entry>();
        for (Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
            batch.add(entry);
            if (batch.size() == MOST) {
                break;
            }
        }
        return batch;
    }

    private void commit(List<Entry> batch) {
        try {
            inOneTransaction(batch);
            batch.forEach(entry -> entry.done = true);
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                batch.getFirst().failure = e;
                batch.getFirst().done = true;
            } else {
                batch.forEach(entry -> commit(List.of(entry)));
            }
        }
    }

    private void inOneTransaction(List<Entry> batch) {
        db.write(tx -> {
            batch.forEach(entry -> entry.work.accept(tx));
            return null;
        });
    }
}
