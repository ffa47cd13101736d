// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import com.zaxxer.hikari.HikariConfig;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.internal.JfrSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Gatherers;

import javax.sql.DataSource;

/// The database: who holds it, holds the truth.
///
/// Writes go one after the other, of all instances, those of one moment in one commit; reads run beside them on
/// connections of their own and see what was committed before they began. Every commit is on disk before [#write]
/// returns. Thread-safe.
///
/// Announced changes reach the listeners of this instance after the commit and before [#write] returns, those of other
/// instances a moment later; listeners are called one after the other. A listener may read, but not write.
public abstract sealed class Database implements AutoCloseable
        permits SqliteDatabase, PostgresDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// Who waits longer for a turn is better told that there is none.
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Jdbi reader;
    // Hikari's own hand-over is not fair to virtual threads: waiting seconds were measured (stack,
    // §6).
    private final Semaphore reading;
    private final GroupCommit writes;
    private final ReentrantLock telling = new ReentrantLock();
    private final Map<String, List<Consumer<Map<String, Optional<?>>>>> listeners =
            new ConcurrentHashMap<>();
    private final Overtaken overtaken = new Overtaken();

    /// @param count how many connections the readers have
    /// @param patience how long a write may wait for its turn
    Database(Jdbi readers, int count, Duration patience) {
        this.reader = discreet(readers);
        this.reading = new Semaphore(count, true);
        this.writes = new GroupCommit(this::transact, this::mayStand, patience);
    }

    /// Makes Jdbi known to the JVM's flight recorder, which takes long; the first statement does it otherwise.
    public static void prepare() {
        boolean _ = JfrSupport.isFlightRecorderAvailable();
    }

    /// Opens the database, makes it if there is none, and brings its tables up to date.
    ///
    /// @throws DatabaseException in the operator's words, also when another process holds the data directory
    public static Database open(DatabaseSettings settings) {
        return switch (settings.place()) {
            case DatabaseSettings.Sqlite(Path file) -> SqliteDatabase.open(settings, file);
            case DatabaseSettings.Postgres place -> PostgresDatabase.open(settings, place);
        };
    }

    /// What the pools of both engines have in common.
    static HikariConfig poolOf(String name, DataSource source, int size) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        return config;
    }

    /// Failures are logged, and must not show what was bound: secrets of servers, names of people.
    static Jdbi discreet(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        return jdbi;
    }

    /// Reads what was committed.
    ///
    /// @throws DatabaseAway at once while it is known that the database does not answer
    public final <T extends @Nullable Object> T read(Function<Session, T> work) {
        refuseWhileAway();
        boolean interrupted = Thread.interrupted();
        awaitTurn(PATIENCE, nanos -> reading.tryAcquire(nanos, TimeUnit.NANOSECONDS));
        try (Handle handle = reader.open()) {
            return work.apply(new Session(handle));
        } catch (JdbiException e) {
            throw failed(e);
        } finally {
            reading.release();
            restore(interrupted);
        }
    }

    /// An interrupt is for those who wait for servers or callers. Here it would make a read fail that keeps memory in
    /// line with a commit, so it is set aside until the work, which is short, is done.
    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Does the work in one transaction: all of it is on disk when this returns, or nothing of it. Writes of other
    /// threads may share the transaction, so a thread may do the work of others.
    ///
    /// @param work may be done once more, so it changes nothing but the database
    /// @throws DatabaseAway at once while it is known that the database does not answer
    public final <T extends @Nullable Object> T write(Function<Tx, T> work) {
        return write(_ -> Optional.empty(), work);
    }

    /// The same for what is most often one statement: those of one moment are sent together.
    ///
    /// @param bidding that statement, as things look; empty where it takes more. Asks nothing of the database, and may be
    ///     called several times
    /// @param work what it takes when the statement did nothing
    public final <T extends @Nullable Object> T write(
            Function<Tx, Optional<Bid<T>>> bidding, Function<Tx, T> work) {
        refuseWhileAway();
        boolean interrupted = Thread.interrupted();
        try {
            return writes.write(bidding, work);
        } catch (JdbiException e) {
            throw failed(e);
        } finally {
            restore(interrupted);
        }
    }

    /// Nobody should have to wait to be told so.
    final void refuseWhileAway() {
        if (reach().isAway()) {
            throw new DatabaseAway("the database does not answer");
        }
    }

    /// Something that waits for a turn, but not longer than told.
    interface Turn {
        boolean within(long nanos) throws InterruptedException;
    }

    /// Waits for a turn, whatever interrupts.
    ///
    /// @throws DatabaseAway when it does not come in time
    static void awaitTurn(Duration patience, Turn turn) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (turn.within(deadline - System.nanoTime())) {
                        return;
                    }
                    throw new DatabaseAway("the database is too busy");
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /// Does work in a transaction, and tells of its changes when it is on disk. Called by one thread at a time.
    abstract void transact(Consumer<Tx> work);

    /// Whether work that failed so may be committed all the same.
    abstract boolean mayStand(RuntimeException e);

    abstract DatabaseException failed(JdbiException e);

    /// What keeps us from our work, in an operator's words; empty when all is well.
    public Optional<String> trouble() {
        try {
            read(session -> session.handle().createQuery("SELECT 1").mapTo(Integer.class).one());
            return Optional.empty();
        } catch (DatabaseException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Hears of changes of one topic, with the rows as they are now; of one that is gone, without.
    ///
    /// @param reader of the rows that the transaction did not tell
    public final <T> void listen(
            Topic<T> topic, Topic.Reader<T> reader, Topic.Listener<T> listener) {
        listen(topic, rows -> listener.changed(complete(rows, reader)));
    }

    private <T> Map<String, Optional<T>> complete(
            Map<String, Optional<T>> rows, Topic.Reader<T> reader) {
        var all = new LinkedHashMap<>(rows);
        rows.entrySet().stream()
                .filter(row -> row.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .gather(Gatherers.windowFixed(Topic.TOGETHER))
                .forEach(keys ->
                        read(session -> reader.read(session, keys))
                                .forEach((key, row) -> all.put(key, Optional.of(row))));
        return all;
    }

    /// Hears of changes of one topic, with the rows that the transaction told.
    public final <T> void listen(Topic<T> topic, Topic.Listener<T> listener) {
        listeners
                .computeIfAbsent(topic.name(), _ -> new CopyOnWriteArrayList<>())
                .add(rows -> listener.changed(cast(topic, rows)));
    }

    private static <T> Map<String, Optional<T>> cast(
            Topic<T> topic, Map<String, ? extends Optional<?>> rows) {
        Map<String, Optional<T>> cast = new LinkedHashMap<>();
        rows.forEach((key, row) -> cast.put(key, row.map(topic.row()::cast)));
        return cast;
    }

    /// Whether other instances may use it, too.
    public abstract boolean isShared();

    /// How far what was remembered of announced changes can be trusted.
    public Reach reach() {
        return Reach.FOLLOWING;
    }

    /// What is remembered, while that can be trusted or is all there is; else what the database says.
    ///
    /// @throws DatabaseAway when the database does not answer and memory is too old
    public final <T extends @Nullable Object> T fresh(
            Supplier<T> remembered, Function<Session, T> asked) {
        return switch (reach()) {
            case FOLLOWING, DOUBTED, AWAY -> remembered.get();
            case BEHIND -> {
                try {
                    yield read(asked);
                } catch (DatabaseAway e) {
                    yield remembered
                            .get(); // gone again before memory was rebuilt: it is all there is
                }
            }
            case STALE -> read(asked);
        };
    }

    /// Has somebody build up anew what it remembers, whenever changes may have gone unheard.
    public void onGap(Runnable rebuild) {
        // With one instance there is none.
    }

    /// Does a transaction, and tells of what it has changed. What others change from its beginning on may be newer than
    /// what it will have written.
    final void commitAndTell(Supplier<Map<Change, Optional<?>>> transaction) {
        locked(overtaken::begin);
        tellOwn(transaction.get());
    }

    private void tellOwn(Map<Change, Optional<?>> changes) {
        locked(() -> {
            Map<String, Map<String, Optional<?>>> byTopic = new LinkedHashMap<>();
            changes.forEach((change, written) ->
                    byTopic.computeIfAbsent(change.topic(), _ -> new LinkedHashMap<>())
                            .put(change.key(), overtaken.is(change) ? Optional.empty() : written));
            byTopic.forEach(this::tell);
        });
    }

    /// Tells of what another instance has changed.
    final void tellOf(String topic, Set<String> keys) {
        locked(() -> {
            Map<String, Optional<?>> rows = new LinkedHashMap<>();
            for (String key : keys) {
                overtaken.by(new Change(topic, key));
                rows.put(key, Optional.empty());
            }
            tell(topic, rows);
        });
    }

    /// Beside nobody else who renews memory: two who read the same row at the same time might put the older one last.
    /// The lock is held while rows are read, never while somebody writes. Who loads its memory does that here, too, once
    /// it listens.
    public final void exclusively(Runnable renewal) {
        locked(() -> {
            overtaken.byAll();
            renewal.run();
        });
    }

    private void locked(Runnable work) {
        telling.lock();
        try {
            work.run();
        } finally {
            telling.unlock();
        }
    }

    private void tell(String topic, Map<String, Optional<?>> rows) {
        for (var listener : listeners.getOrDefault(topic, List.of())) {
            try {
                listener.accept(rows);
            } catch (RuntimeException e) {
                // The commit stands, so the writer must not take it for undone.
                LOG.atError()
                        .addKeyValue("topic", topic)
                        .setCause(e)
                        .log("a committed change could not be passed on; memory may be stale");
                missed();
            }
        }
    }

    /// Memory is not what it should be: builds it up anew, if that is possible.
    void missed() {
        // With one instance, only a defect or a broken disk leads here.
    }

    @Override
    public abstract void close();
}
