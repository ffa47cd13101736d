// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.zip.CRC32;

/// Divides the work between instances: each duty, such as polling one server, is one instance's at a time.
///
/// Every instance notes in the database, by the database's clock, that it lives; all see the same list, and each duty
/// belongs to the one whose name fits it best (rendezvous hashing), so nobody has to agree with anybody. When one
/// leaves or dies, its duties go to the others within seconds, and only its own. For a moment two may both hold
/// a duty, or none: who has one must be able to bear that. Who cannot reach the database holds none. Thread-safe.
///
/// Only who has been heard itself for all that time takes another for dead: when the database was away, nobody was.
public final class Duties implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

    private static final Duration BEAT = Duration.ofSeconds(2);

    private final Database db;
    private final String self;
    private final Duration beat;

    /// After this time without a sign of life an instance has no duties any more.
    private final Duration deadAfter;

    private final List<BiConsumer<Tx, String>> heirs = new CopyOnWriteArrayList<>();
    private final List<Runnable> chores = new CopyOnWriteArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile List<String> living;
    private volatile long heardAt = System.nanoTime();

    /// Since when we have been heard again and again.
    private volatile long heardSince = heardAt;

    private Duties(Database db, String self, Duration beat) {
        this.db = db;
        this.self = self;
        this.beat = beat;
        this.deadAfter = beat.multipliedBy(4);
        this.living = List.of(self);
    }

    /// Takes part from now on.
    ///
    /// @param self our name, the same after a restart; letters and digits
    public static Duties start(Database db, String self) {
        return start(db, self, BEAT);
    }

    /// @param beat how often we give a sign of life; who gives none for four times as long is dead
    static Duties start(Database db, String self, Duration beat) {
        var duties = new Duties(db, self, beat);
        if (db.isShared()) {
            duties.beat();
            Thread.ofVirtual().name("duties").start(duties::loop);
        }
        return duties;
    }

    /// Our name among the instances.
    public String self() {
        return self;
    }

    /// Hears, in the transaction that strikes an instance off the list, of its death.
    public void onDeath(BiConsumer<Tx, String> heir) {
        heirs.add(heir);
    }

    /// Does this every two seconds while the database answers, on an instance that shares it: for what each has to do
    /// itself, whatever its duties. It is brief, and no failure but the database's leaves it.
    public void alsoDo(Runnable chore) {
        chores.add(chore);
    }

    /// Whether the duty is ours.
    public boolean isMine(String duty) {
        if (!db.isShared()) {
            return true;
        }
        if (System.nanoTime() - heardAt > deadAfter.toNanos()) {
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
            while (!stop.await(beat.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    beat();
                    chores.forEach(Runnable::run);
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
                    if (mayJudge()) {
                        strikeOff(tx).forEach(dead -> takeOver(tx, dead));
                    }
                    return tx.handle()
                            .createQuery("SELECT id FROM instances")
                            .mapTo(String.class)
                            .list();
                });
        if (wasAway()) {
            heardSince = System.nanoTime();
        }
        heardAt = begun;
    }

    private boolean mayJudge() {
        return !wasAway() && System.nanoTime() - heardSince > deadAfter.toNanos();
    }

    /// Whether the others may have been kept from their signs of life as we were.
    private boolean wasAway() {
        return System.nanoTime() - heardAt > deadAfter.dividedBy(2).toNanos();
    }

    private List<String> strikeOff(Tx tx) {
        return tx.handle()
                .createQuery(
                        """
                        DELETE FROM instances
                        WHERE seen_at < (SELECT seen_at FROM instances WHERE id = :self) - :dead
                        RETURNING id
                        """)
                .bind("self", self)
                .bind("dead", deadAfter.toMillis())
                .mapTo(String.class)
                .list();
    }

    private void takeOver(Tx tx, String dead) {
        LOG.atWarn()
                .addKeyValue("instance", dead)
                .log("another instance is dead; its work is taken over");
        heirs.forEach(heir -> heir.accept(tx, dead));
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
