// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// The database: who holds it, holds the truth.
///
/// Writes go one after the other through one connection, in the order of their calls; reads run beside them on
/// connections of their own and see what was committed before they began. Every commit is on disk before
/// [#write] returns (WAL with full synchronisation). Thread-safe.
///
/// Announced changes reach the listeners after the commit and before the next write begins, so listeners see
/// changes in the order of the commits. A listener may read, but not write.
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;
    private final Jdbi reader;
    private final ReentrantLock writing = new ReentrantLock(true);
    // Hikari's own hand-over is not fair to virtual threads: waiting seconds were measured (stack,
    // §6).
    private final Semaphore reading;
    private final Hold hold;
    private final Map<String, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();

    private Database(
            HikariDataSource writerPool, HikariDataSource readerPool, int readers, Hold hold) {
        this.writerPool = writerPool;
        this.readerPool = readerPool;
        this.writer = discreet(Jdbi.create(writerPool));
        this.reader = discreet(Jdbi.create(readerPool));
        this.reading = new Semaphore(readers, true);
        this.hold = hold;
    }

    /// Opens the database, makes it if there is none, and brings its tables up to date.
    ///
    /// @throws DatabaseException in the operator's words, also when another process holds the data directory
    public static Database open(DatabaseSettings settings) {
        var hold = Hold.take(settings.data());
        try {
            Files.createDirectories(settings.file().toAbsolutePath().getParent());
            var source = source(settings.file());
            Migrations.bringUpToDate(source);
            return new Database(
                    pool("writer", source, 1),
                    pool("readers", source, settings.readers()),
                    settings.readers(),
                    hold);
        } catch (IOException | FlywayException | JdbiException e) {
            hold.release();
            throw new DatabaseException(
                    "cannot open the database " + settings.file() + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            hold.release();
            throw e;
        }
    }

    /// Failures are logged, and must not show what was bound: secrets of servers, names of people.
    private static Jdbi discreet(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        return jdbi;
    }

    /// Reads what was committed.
    public <T extends @Nullable Object> T read(Function<Session, T> work) {
        boolean interrupted = Thread.interrupted();
        reading.acquireUninterruptibly();
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

    /// Does the work in one transaction: all of it is on disk when this returns, or nothing of it.
    public <T extends @Nullable Object> T write(Function<Tx, T> work) {
        boolean interrupted = Thread.interrupted();
        writing.lock();
        try {
            var announced = new java.util.ArrayList<Change>();
            T result =
                    writer.inTransaction(handle -> {
                        var tx = new Tx(handle);
                        T made = work.apply(tx);
                        announced.addAll(tx.changes());
                        return made;
                    });
            announced.forEach(this::tell);
            return result;
        } catch (JdbiException e) {
            throw failed(e);
        } finally {
            writing.unlock();
            restore(interrupted);
        }
    }

    /// Whether a question is answered.
    ///
    /// @throws DatabaseException when it is not
    public boolean isUsable() {
        return read(session -> session.handle().createQuery("SELECT 1").mapTo(Integer.class).one())
                == 1;
    }

    /// Hears of changes of one topic, by key.
    public void listen(String topic, Consumer<String> listener) {
        listeners.computeIfAbsent(topic, _ -> new CopyOnWriteArrayList<>()).add(listener);
    }

    private void tell(Change change) {
        for (var listener : listeners.getOrDefault(change.topic(), List.of())) {
            try {
                listener.accept(change.key());
            } catch (RuntimeException e) {
                // The commit stands, so the writer must not take it for undone.
                LOG.atError()
                        .addKeyValue("topic", change.topic())
                        .setCause(e)
                        .log("a committed change could not be passed on; memory may be stale");
            }
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            writerPool.close();
            readerPool.close();
            hold.release();
        } finally {
            writing.unlock();
        }
    }

    private static DatabaseException failed(JdbiException e) {
        return new DatabaseException(
                "the database failed; is the disk full or the file damaged?", e);
    }

    private static SQLiteDataSource source(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.enforceForeignKeys(true);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static HikariDataSource pool(String name, SQLiteDataSource source, int size) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }

    /// One database per data directory: two would each believe to be alone with it.
    private record Hold(Path directory, FileLock lock) {

        /// What this process holds. Not left to the lock: to close a second channel to its file would give the
        /// first one's lock away (POSIX).
        private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

        static Hold take(Path data) {
            try {
                Files.createDirectories(
                        data,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
                Path directory = data.toRealPath();
                if (!HELD.add(directory)) {
                    throw taken(data);
                }
                FileLock lock = null;
                try {
                    lock = lock(directory);
                } finally {
                    if (lock == null) {
                        HELD.remove(directory);
                    }
                }
                if (lock == null) {
                    throw taken(data);
                }
                return new Hold(directory, lock);
            } catch (IOException e) {
                throw new DatabaseException(
                        "cannot use the data directory %s: it must be one that we may write to"
                                .formatted(data.toAbsolutePath()),
                        e);
            }
        }

        private static @Nullable FileLock lock(Path directory) throws IOException {
            FileLock lock = null;
            var channel =
                    FileChannel.open(
                            directory.resolve("plimsoll.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            try {
                lock = channel.tryLock();
                return lock;
            } finally {
                if (lock == null) {
                    channel.close();
                }
            }
        }

        private static DatabaseException taken(Path data) {
            return new DatabaseException(
                    "another Plimsoll runs with the data directory "
                            + data.toAbsolutePath()
                            + "; stop it, or choose another directory with PLIMSOLL_DATA");
        }

        void release() {
            try {
                lock.acquiredBy().close(); // releases it
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                HELD.remove(directory);
            }
        }
    }
}
