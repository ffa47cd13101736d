// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.ds.PGSimpleDataSource;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// PostgreSQL, which several instances share.
///
/// **Writes are serial**, as they are with SQLite: each takes one advisory lock of the database first ([PostgresTx]), so
/// that what a transaction found stays so until it commits, whatever instance it runs on. The stores need no locks of
/// their own, and nothing has to be repeated. The price is one commit at a time, some hundreds to thousands a second; a
/// pool of servers needs less. An instance that stops in the middle gives the lock back when its transaction times out.
///
/// **Changes** are notified within the transaction, so they are heard of exactly if it commits; see [Feed].
final class PostgresDatabase extends Database {

    /// A lock or a statement took longer than we allow.
    private static final Set<String> LATE = Set.of("55P03", "57014");

    /// A repetition ends by itself: what made it necessary has committed.
    private static final int MOST_TRIES = 5;

    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;

    /// A thread of its own writes: a virtual one would be parked for each answer of the database, which costs as much as
    /// asking (decision 0017).
    private final ExecutorService writing =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("db-writer").factory());

    private final String self;
    private final Feed feed;
    private final Hold hold;

    private PostgresDatabase(
            HikariDataSource writerPool,
            HikariDataSource readerPool,
            DatabaseSettings settings,
            DatabaseSettings.Postgres place,
            String self,
            Hold hold) {
        super(Jdbi.create(readerPool), settings.readers(), PATIENCE);
        this.hold = hold;
        this.self = self;
        this.writerPool = writerPool;
        this.readerPool = readerPool;
        this.writer = discreet(Jdbi.create(writerPool));
        writer.registerArrayType(String.class, "text");
        this.feed =
                new Feed(
                        place.feedSource(),
                        self,
                        this::tellOf,
                        this::answers,
                        this::renewConnections,
                        settings.staleFor());
    }

    static PostgresDatabase open(DatabaseSettings settings, DatabaseSettings.Postgres place) {
        var source = place.source();
        // Not for the database's sake, but lest two instances share one name and one set of files.
        var hold = Hold.take(settings.data());
        try {
            Migrations.POSTGRES.bringUpToDate(source);
            var database =
                    new PostgresDatabase(
                            pool("writer", source, 1),
                            pool("readers", source, settings.readers()),
                            settings,
                            place,
                            newName(source),
                            hold);
            database.feed.start();
            return database;
        } catch (FlywayException | JdbiException | SQLException e) {
            hold.release();
            throw DatabaseException.unopened(place.where(), e);
        } catch (RuntimeException e) {
            hold.release();
            throw e;
        }
    }

    /// By which our own notifications are told from those of others.
    private static String newName(PGSimpleDataSource source) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT gen_random_uuid()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    void transact(Consumer<Tx> work) {
        try {
            CompletableFuture.runAsync(() -> repeated(work), writing).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        } catch (RejectedExecutionException e) {
            throw new DatabaseAway("the database is closed", e);
        }
    }

    private void repeated(Consumer<Tx> work) {
        refuseWhileAway(); // it may have become known while others waited
        for (int tries = 1; ; tries++) {
            try {
                commitAndTell(() -> once(work));
                return;
            } catch (JdbiException e) {
                if (isOutage(e)) {
                    feed.restart(); // it may be committed all the same, and nobody was told
                }
                if (tries == MOST_TRIES || !isRepeatable(e)) {
                    throw e;
                }
            }
        }
    }

    private Map<Change, Optional<?>> once(Consumer<Tx> work) {
        return writer.inTransaction(handle -> {
            var tx = new PostgresTx(handle, self);
            work.accept(tx);
            tx.commitWithNotice();
            return tx.changes();
        });
    }

    @Override
    boolean mayStand(RuntimeException e) {
        return e instanceof DatabaseAway || isOutage(e);
    }

    /// Serialisation failures and deadlocks: somebody else works on our tables with a tool of his own.
    private static boolean isRepeatable(JdbiException e) {
        return hasCause(e, sql -> Feed.state(sql).startsWith("40"));
    }

    private static boolean isOutage(RuntimeException e) {
        return hasCause(
                e, sql -> sql instanceof SQLTransientConnectionException || Feed.isOutage(sql));
    }

    private static boolean hasCause(Exception e, Predicate<SQLException> which) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && which.test(sql)) {
                return true;
            }
        }
        return false;
    }

    private boolean answers() {
        try {
            ask(readerPool);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static void ask(HikariDataSource pool) throws SQLException {
        try (var connection = pool.getConnection();
                var question = connection.createStatement()) {
            question.execute("SELECT 1");
        }
    }

    /// What is left from before an outage looks open, and each would cost somebody seconds.
    private void renewConnections() {
        try {
            for (var pool : List.of(readerPool, writerPool)) {
                pool.getHikariPoolMXBean().softEvictConnections();
                ask(pool);
            }
        } catch (SQLException e) {
            throw new DatabaseAway("the database does not answer on all connections", e);
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Reach reach() {
        return feed.reach();
    }

    @Override
    public Optional<String> trouble() {
        return switch (reach()) {
            case FOLLOWING, BEHIND, DOUBTED -> Optional.empty();
            case AWAY -> Optional.of("the database does not answer; only known meetings go on");
            case STALE -> Optional.of("the database has not answered for too long");
        };
    }

    @Override
    void missed() {
        feed.restart();
    }

    @Override
    public void onGap(Runnable rebuild) {
        feed.onGap(() -> exclusively(rebuild));
    }

    @Override
    DatabaseException failed(JdbiException e) {
        String message =
                "the database does not answer as it should; is PostgreSQL running and reachable?";
        if (isOutage(e)) {
            return DatabaseAway.inDoubt(message, e);
        }
        boolean late = hasCause(e, sql -> LATE.contains(Feed.state(sql)));
        return late ? new DatabaseAway(message, e) : new DatabaseException(message, e);
    }

    @Override
    public void close() {
        feed.close();
        writing.close(); // waits for who writes
        writerPool.close();
        readerPool.close();
        hold.release();
    }

    private static HikariDataSource pool(String name, PGSimpleDataSource source, int size) {
        var config = poolOf(name, source, size);
        // Who waits longer is better told that the database is away.
        config.setConnectionTimeout(3_000);
        config.setValidationTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
