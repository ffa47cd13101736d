// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// Puts the writes of many threads into one transaction when they come at the same time: a commit waits for the disk,
/// and that wait is the same for one as for fifty.
///
/// Whoever finds nobody at work leads: it does the work of all who stand in line, its own among it, and then lets the
/// first of those who came meanwhile lead. The line and who leads change together, under one lock that is held for a
/// few assignments only; so there is a leader exactly while somebody waits. Thread-safe.
final class GroupCommit {

    /// Bounds how long others wait for the database.
    private static final int MOST = 50;

    private final Consumer<Consumer<Tx>> transaction;
    private final Predicate<RuntimeException> mayStand;
    private final Duration patience;
    private final Queue<Entry<?>> line = new ArrayDeque<>();
    private boolean led;

    /// @param transaction does work in a transaction of its own, and returns when it is on disk
    /// @param mayStand whether work that failed so may be committed all the same, so that it must not be done again
    /// @param patience how long a write may stand in line
    GroupCommit(
            Consumer<Consumer<Tx>> transaction,
            Predicate<RuntimeException> mayStand,
            Duration patience) {
        this.transaction = transaction;
        this.mayStand = mayStand;
        this.patience = patience;
    }

    /// Written by whoever leads before the signal, read by its owner after it.
    private static final class Entry<T extends @Nullable Object> {
        private final Function<Tx, Optional<Bid<T>>> bidding;
        private final Function<Tx, T> work;
        private Optional<Bid<T>> bid = Optional.empty();
        private final Semaphore signal = new Semaphore(0);
        private boolean taken;
        private boolean leads;
        private @Nullable T result;
        private @Nullable Throwable failure;

        Entry(Function<Tx, Optional<Bid<T>>> bidding, Function<Tx, T> work) {
            this.bidding = bidding;
            this.work = work;
        }

        Optional<Write> bid(Tx tx) {
            taken = false;
            bid = bidding.apply(tx);
            return bid.map(Bid::write);
        }

        void take() {
            taken = true;
            bid.ifPresent(one -> result = one.result());
        }

        /// What there is to read before a better bid.
        Optional<Consumer<Tx>> look() {
            return bid.filter(_ -> !taken).flatMap(Bid::look);
        }

        void run(Tx tx) {
            result = work.apply(tx);
        }

        @SuppressWarnings("NullAway") // null only where the work may give null
        T result() {
            return switch (failure) {
                case null -> result;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            };
        }
    }

    /// Does the work in a transaction, which may be others' as well; it is on disk when this returns.
    ///
    /// @param bidding what it takes most often, as things look; may be asked for several times
    /// @param work what it takes else; may be done once more, alone, when something else in its transaction failed
    <T extends @Nullable Object> T write(
            Function<Tx, Optional<Bid<T>>> bidding, Function<Tx, T> work) {
        var mine = new Entry<>(bidding, work);
        if (!leadsAtOnce(mine)) {
            await(mine);
        }
        if (mine.leads) {
            lead();
        }
        return mine.result();
    }

    private synchronized boolean leadsAtOnce(Entry<?> mine) {
        line.add(mine);
        mine.leads = !led;
        led = true;
        return mine.leads;
    }

    private void await(Entry<?> mine) {
        try {
            Database.awaitTurn(
                    patience, nanos -> mine.signal.tryAcquire(nanos, TimeUnit.NANOSECONDS));
        } catch (DatabaseAway busy) {
            if (leaves(mine)) {
                throw busy;
            }
            mine.signal.acquireUninterruptibly(); // it is being done
        }
    }

    private synchronized boolean leaves(Entry<?> mine) {
        return !mine.leads && line.remove(mine);
    }

    private void lead() {
        var batch = next();
        try {
            commit(batch);
        } finally {
            batch.stream().filter(entry -> !entry.leads).forEach(entry -> entry.signal.release());
            handOver();
        }
    }

    private synchronized List<Entry<?>> next() {
        var batch = new ArrayList<Entry<?>>();
        while (!line.isEmpty() && batch.size() < MOST) {
            batch.add(line.remove());
        }
        return batch;
    }

    private synchronized void handOver() {
        var first = line.peek();
        led = first != null;
        if (first != null) {
            first.leads = true;
            first.signal.release();
        }
    }

    private static void run(Tx tx, List<Entry<?>> batch) {
        boolean alone = batch.size() == 1;
        if (!alone) {
            tx.excludeOthers(); // what they do meanwhile is heard of before the bids are made
        }
        bid(tx, batch, alone);
        var again = batch.stream().filter(entry -> entry.look().isPresent()).toList();
        again.forEach(entry -> entry.look().ifPresent(look -> look.accept(tx)));
        bid(tx, again, alone);
        batch.stream().filter(entry -> !entry.taken).forEach(entry -> entry.run(tx));
    }

    /// Makes each bid as if those before it were taken, and all of them together.
    ///
    /// @param alone whether nobody else shares the transaction
    private static void bid(Tx tx, List<Entry<?>> bidders, boolean alone) {
        var bids = new LinkedHashMap<Entry<?>, Write>();
        tx.supposing(() -> {
            for (Entry<?> entry : bidders) {
                entry.bid(tx)
                        .ifPresent(write -> {
                            write.tell(tx);
                            bids.put(entry, write);
                        });
            }
        });
        var writes = List.copyOf(bids.values());
        var done =
                (alone ? writes.stream().map(tx::doesAlone).toList() : tx.does(writes)).iterator();
        for (Entry<?> bidder : bids.keySet()) {
            if (done.next()) {
                bidder.take();
            }
        }
    }

    private void commit(List<Entry<?>> batch) {
        try {
            transaction.accept(tx -> run(tx, batch));
        } catch (RuntimeException | Error e) {
            boolean stands = e instanceof RuntimeException failure && mayStand.test(failure);
            if (batch.size() == 1 || stands) {
                batch.forEach(entry -> entry.failure = e);
            } else {
                batch.forEach(entry -> commit(List.of(entry)));
            }
        }
    }
}
