// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/// Divides the work between instances: each duty, such as polling one server, is one instance's at a time.
///
/// Every instance notes in the database, by the database's clock, that it lives; all see the same list, and each duty
/// belongs to the one whose name fits it best (rendezvous hashing), so nobody has to agree with anybody. When one
/// leaves or dies, its duties go to the others within [#DEAD_AFTER], and only its own. For a moment two may both hold
/// a duty, or none: who has one must be able to bear that. Who cannot reach the database holds none. Thread-safe.
public final class Duties implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

    private static final Duration BEAT = Duration.ofSeconds(2);

    /// After this time without a sign of life an instance has no duties any more.
    static final Duration DEAD_AFTER = Duration.ofSeconds(8);

    private final Database db;
    private final String self;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile List<String> living;
    private volatile long heardAt = System.nanoTime();

    private Duties(Database db) {
        this.db = db;
        this.self = db.isShared() ? db.read(Duties::newName) : "alone";
        this.living = List.of(self);
    }

    /// That no two instances have the same, the database sees to.
    static String newName(Session session) {
        return session.handle().createQuery("SELECT gen_random_uuid()").mapTo(String.class).one();
    }

    /// Takes part from now on.
    public static Duties start(Database db) {
        var duties = new Duties(db);
        if (db.isShared()) {
            duties.beat();
            Thread.ofVirtual().name("duties").start(duties::loop);
        }
        return duties;
    }

    /// Whether the duty is ours.
    public boolean isMine(String duty) {
        if (!db.isShared()) {
            return true;
        }
        if (System.nanoTime() - heardAt > DEAD_AFTER.toNanos()) {
            return false; // the others take us for dead
        }
        String best = self;
        long most = fit(self, duty);
        for (String other : living) {
            long fit = fit(other, duty);
            if (fit > most || (fit == most && other.compareTo(best) > 0)) {
                best = other;
                most = fit;
            }
        }
        return best.equals(self);
    }

    private static long fit(String instance, String duty) {
        var crc = new CRC32();
        crc.update(duty.getBytes(StandardCharsets.UTF_8));
        crc.update(instance.getBytes(StandardCharsets.UTF_8));
        // CRC alone is linear, so that all duties would go to the same instance: mixed once more.
        long mixed = crc.getValue() * 0x9e3779b97f4a7c15L;
        return ((mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L) >>> 1;
    }

    private void loop() {
        try {
            while (!stop.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    beat();
                } catch (DatabaseException e) {
                    LOG.atDebug().setCause(e).log("the database did not take our sign of life");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        long begun = System.nanoTime();
        living =
                db.write(tx -> {
                    tx.handle()
                            .execute(
                                    """
                                    INSERT INTO instances (id, seen_at)
                                    VALUES (?, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT))
                                    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
                                    """,
                                    self);
                    tx.handle()
                            .execute(
                                    """
                                    DELETE FROM instances
                                    WHERE seen_at < (SELECT seen_at FROM instances WHERE id = ?) - ?
                                    """,
                                    self,
                                    DEAD_AFTER.toMillis());
                    return tx.handle()
                            .createQuery("SELECT id FROM instances")
                            .mapTo(String.class)
                            .list();
                });
        heardAt = begun;
    }

    /// Leaves, so that others take over at once.
    @Override
    public void close() {
        stop.countDown();
        if (db.isShared()) {
            try {
                db.write(tx -> tx.handle().execute("DELETE FROM instances WHERE id = ?", self));
            } catch (DatabaseException e) {
                LOG.atDebug().setCause(e).log("the others will notice by themselves that we left");
            }
        }
    }
}
