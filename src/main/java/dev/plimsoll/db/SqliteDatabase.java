// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A file of our own. One connection writes, in the order of the calls; every commit is on disk (WAL with full
/// synchronisation), and heard of before the next write begins.
final class SqliteDatabase extends Database {

    /// A disk may be slow, but it is all we have.
    private static final Duration PATIENCE_WITH_DISK = Duration.ofSeconds(30);

    /// Each reader has its own. The upper levels of all indexes fit, and the rest is in the system's cache.
    private static final int READERS_CACHE_KB = 512;

    private final HikariDataSource readerPool;
    private final Handle writer;
    private final KeptStatements statements = new KeptStatements();

    /// Held by who writes, so that nobody closes what is in use.
    private final ReentrantLock writing = new ReentrantLock();

    private final Hold hold;

    private SqliteDatabase(
            SQLiteDataSource writer, HikariDataSource readerPool, int readers, Hold hold) {
        super(reading(readerPool), readers, PATIENCE_WITH_DISK);
        this.readerPool = readerPool;
        this.hold = hold;
        var jdbi = discreet(Jdbi.create(writer));
        jdbi.setStatementBuilderFactory(_ -> statements);
        this.writer = jdbi.open();
    }

    static SqliteDatabase open(DatabaseSettings settings, Path file) {
        var hold = Hold.take(settings.data());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            makeForUsAlone(file);
            removeUnpacked(settings.data());
            var source = source(file);
            Migrations.SQLITE.bringUpToDate(source);
            var readers = source(file);
            readers.setCacheSize(-READERS_CACHE_KB);
            return new SqliteDatabase(
                    source, pool("readers", readers, settings.readers()), settings.readers(), hold);
        } catch (IOException | FlywayException | JdbiException e) {
            hold.release();
            throw DatabaseException.unopened(file.toString(), e);
        } catch (RuntimeException e) {
            hold.release();
            throw e;
        }
    }

    /// It holds secrets, and who made the directory for us may have left it open. SQLite's other files get the same mode.
    private static void makeForUsAlone(Path file) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
    }

    private static Jdbi reading(HikariDataSource pool) {
        return Jdbi.create(pool).setStatementBuilderFactory(KeptStatements.ofPooled());
    }

    /// Who is killed leaves the library behind that the driver had unpacked, a megabyte each time. Nobody else needs it:
    /// the directory is ours, and who has loaded it keeps it.
    private static void removeUnpacked(Path data) throws IOException {
        try (var left = Files.newDirectoryStream(data, "sqlite-*sqlitejdbc*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    void transact(Consumer<Tx> work) {
        writing.lock();
        try {
            commitAndTell(() -> once(work));
        } finally {
            writing.unlock();
        }
    }

    /// In words of our own: the driver's commit begins the next transaction at once, which then has to be ended as well.
    private Map<Change, Optional<?>> once(Consumer<Tx> work) {
        try {
            writer.execute("BEGIN IMMEDIATE");
            var tx = new Tx(writer);
            work.accept(tx);
            writer.execute("COMMIT");
            return tx.changes();
        } catch (RuntimeException | Error e) {
            undo(e);
            throw e;
        }
    }

    private void undo(Throwable failure) {
        try {
            writer.execute("ROLLBACK");
        } catch (JdbiException e) {
            failure.addSuppressed(e); // SQLite itself undoes what fails for want of room
        } finally {
            statements.clear();
        }
    }

    /// What failed was undone.
    @Override
    boolean mayStand(RuntimeException e) {
        return false;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    DatabaseException failed(JdbiException e) {
        return new DatabaseException(
                "the database failed; is the disk full or the file damaged?", e);
    }

    @Override
    public void close() {
        writing.lock();
        try {
            writer.close();
            readerPool.close();
            hold.release();
        } finally {
            writing.unlock();
        }
    }

    static SQLiteDataSource source(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.enforceForeignKeys(true);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        // The driver would ask for one after each INSERT; who wants one says RETURNING.
        config.setGetGeneratedKeys(false);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static HikariDataSource pool(String name, SQLiteDataSource source, int size) {
        var config = poolOf(name, source, size);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }
}
