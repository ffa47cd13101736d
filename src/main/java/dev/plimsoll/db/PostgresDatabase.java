// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// PostgreSQL, which several instances share.
///
/// **Writes are serial**, as they are with SQLite: each takes one advisory lock of the database first, so that what a
/// transaction found stays so until it commits, whatever instance it runs on. The stores need no locks of their own,
/// and nothing has to be repeated. The price is one commit at a time, some hundreds to thousands a second; a pool of
/// servers needs less. An instance that stops in the middle gives the lock back when its transaction times out.
///
/// **Changes** are notified within the transaction, so they are heard of exactly if it commits; see [Feed].
final class PostgresDatabase extends Database {

    /// Any number that nobody else takes.
    static final long WRITE_LOCK = 0x706c696d736f6cL;

    /// A repetition ends by itself: what made it necessary has committed.
    private static final int MOST_TRIES = 5;

    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final String self;
    private final Feed feed;
    private final Hold hold;

    private PostgresDatabase(
            HikariDataSource writerPool,
            HikariDataSource readerPool,
            int readers,
            PGSimpleDataSource source,
            String self,
            Hold hold) {
        super(readerPool, readers);
        this.hold = hold;
        this.self = self;
        this.writerPool = writerPool;
        this.readerPool = readerPool;
        this.writer = discreet(Jdbi.create(writerPool));
        writer.registerArrayType(String.class, "text");
        this.feed = new Feed(source, self, this::tell, this::answers);
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
                            settings.readers(),
                            source,
                            newName(source),
                            hold);
            database.feed.start();
            return database;
        } catch (FlywayException | JdbiException | SQLException e) {
            hold.release();
            throw new DatabaseException(
                    "cannot open the database at %s: %s".formatted(place.where(), firstLine(e)), e);
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

    private static String firstLine(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).strip().lines().findFirst().orElse("");
    }

    @Override
    <T extends @Nullable Object> T commit(Function<Tx, T> work) {
        writing.lock();
        try {
            for (int tries = 1; ; tries++) {
                try {
                    return once(work);
                } catch (JdbiException e) {
                    if (tries == MOST_TRIES || !isRepeatable(e)) {
                        throw e;
                    }
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private <T extends @Nullable Object> T once(Function<Tx, T> work) {
        var announced = new ArrayList<Change>();
        T result =
                writer.inTransaction(handle -> {
                    handle.execute("SELECT pg_advisory_xact_lock(?)", WRITE_LOCK);
                    var tx = new Tx(handle);
                    T made = work.apply(tx);
                    announced.addAll(tx.changes());
                    notifyOf(handle, announced);
                    return made;
                });
        tell(announced);
        return result;
    }

    private void notifyOf(Handle handle, List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var texts = changes.stream().map(change -> Feed.text(self, change)).toArray(String[]::new);
        handle.createQuery(
                        "SELECT COUNT(pg_notify('%s', text)) FROM unnest(:texts) AS text"
                                .formatted(Feed.CHANNEL))
                .bindArray("texts", String.class, (Object[]) texts)
                .mapTo(Long.class)
                .one();
    }

    /// Serialisation failures and deadlocks: somebody else works on our tables with a tool of his own.
    private static boolean isRepeatable(JdbiException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().startsWith("40")) {
                return true;
            }
        }
        return false;
    }

    private boolean answers() {
        try {
            return isUsable();
        } catch (DatabaseException e) {
            return false;
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
    public void onGap(Runnable rebuild) {
        feed.onGap(() -> exclusively(rebuild));
    }

    @Override
    DatabaseException failed(JdbiException e) {
        return new DatabaseException(
                "the database does not answer as it should; is PostgreSQL running and reachable?",
                e);
    }

    @Override
    public void close() {
        feed.close();
        writing.lock();
        try {
            writerPool.close();
            readerPool.close();
            hold.release();
        } finally {
            writing.unlock();
        }
    }

    private static HikariDataSource pool(String name, PGSimpleDataSource source, int size) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        // Who waits longer is better told that the database is away.
        config.setConnectionTimeout(3_000);
        config.setValidationTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
