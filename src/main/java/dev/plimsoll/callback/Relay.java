// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.DatabaseException;
import dev.plimsoll.db.Duties;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.TenantDirectory;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Brings events to the hooks' receivers, in order and one at a time for each hook.
///
/// A hook with something to tell has an entry in `due`. The loop starts a thread for each whose time has come, and
/// never a second one for the same hook (`busy`). The thread takes the entry out *before* it looks for the next
/// delivery: what comes in afterwards puts a new one in, so nothing is overlooked; and it puts one in after a
/// failure, with the time of the next try. What is delivered leaves the database after the receiver took it: when we
/// die between, it is told twice rather than never.
final class Relay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /// How long a time that a test's clock may shorten is slept through at most.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Duration NAP = Duration.ofMillis(100);

    private static final int READ_AT_ONCE = 20;

    private final Hooks hooks;
    private final Courier courier;
    private final TenantDirectory tenants;
    private final Duties duties;
    private final Counter deliveries;
    private final Map<String, Instant> due = new ConcurrentHashMap<>();
    private final Map<String, Thread> busy = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;
    private long lookedAt = System.nanoTime(); // of the loop alone

    Relay(Hooks hooks, Courier courier, TenantDirectory tenants, Duties duties, Metrics metrics) {
        this.duties = duties;
        this.hooks = hooks;
        this.courier = courier;
        this.tenants = tenants;
        this.deliveries =
                metrics.counter(
                        "plimsoll_hook_deliveries",
                        "Attempts to tell receivers of events, by outcome.",
                        "outcome");
    }

    /// Goes on with what was waiting when we stopped.
    void start() {
        hooks.db().read(hooks.store()::due).forEach(due::putIfAbsent);
        Thread.ofVirtual().name("hook-relay").start(this::loop);
    }

    /// These hooks have something to tell.
    void waiting(Collection<String> hookIds) {
        // One that waits for another try goes on waiting.
        hookIds.forEach(id -> due.putIfAbsent(id, Instant.EPOCH));
        wake.release();
    }

    @Override
    public void close() {
        stopping = true;
        wake.release();
        // Not by interrupting: a thread may just be noting that its event was taken.
        courier.close();
        try {
            // The database closes next.
            for (Thread thread : List.copyOf(busy.values())) {
                thread.join(Duration.ofSeconds(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            while (!stopping) {
                round();
                // Only a retry needs to be looked for.
                long nap = due.isEmpty() ? idle().toMillis() : NAP.toMillis();
                if (wake.tryAcquire(nap, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        var now = hooks.now();
        due.forEach((hook, at) -> {
            if (!duties.isMine("hook " + hook)) {
                due.remove(hook, at);
            } else if (!at.isAfter(now)) {
                begin(hook);
            }
        });
        try {
            takeOver();
        } catch (DatabaseException e) {
            LOG.atDebug().setCause(e).log("what is due is not known just now");
        }
    }

    private Duration idle() {
        return hooks.db().isShared() ? LOOK_EVERY : Duration.ofMinutes(1);
    }

    /// What another instance did until it died is found in the database.
    private void takeOver() {
        long now = System.nanoTime();
        if (hooks.db().isShared() && now - lookedAt > LOOK_EVERY.toNanos()) {
            lookedAt = now;
            hooks.db().read(hooks.store()::due).forEach(due::putIfAbsent);
        }
    }

    private void begin(String hook) {
        var thread = Thread.ofVirtual().name("hook-" + hook).unstarted(() -> work(hook));
        if (busy.putIfAbsent(hook, thread) == null) {
            thread.start();
        }
    }

    private void work(String hook) {
        try {
            boolean more = true;
            while (more && !stopping) {
                due.remove(hook);
                more = deliverNext(hook);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // we are stopping
        } catch (RuntimeException e) {
            due.put(hook, hooks.now().plusSeconds(1));
            (stopping || e instanceof DatabaseAway ? LOG.atDebug() : LOG.atError())
                    .addKeyValue("hook", hook)
                    .setCause(e)
                    .log("a webhook's events could not be told; tried again soon");
        } finally {
            busy.remove(hook);
            wake.release();
        }
    }

    /// @return whether to go on at once
    private boolean deliverNext(String hook) throws InterruptedException {
        List<Delivery> line =
                hooks.db().read(session -> hooks.store().next(session, hook, READ_AT_ONCE));
        for (Delivery delivery : line) {
            if (stopping || !hooks.has(hook)) {
                return false;
            }
            if (!isTaken(delivery)) {
                deliveries.labelValues("failed").inc();
                failed(delivery);
                return false;
            }
            deliveries.labelValues("delivered").inc();
            hooks.db()
                    .write(tx -> {
                        hooks.store().delivered(tx, delivery);
                        return null;
                    });
            if (delivery.failures() > 0) {
                return true; // those read with it do not know that the failures are over
            }
        }
        return !line.isEmpty();
    }

    // Nobody can verify what would come from a tenant that is gone: its hooks go as those of dead
    // receivers do.
    private boolean isTaken(Delivery delivery) throws InterruptedException {
        var tenant = tenants.find(delivery.tenant());
        return tenant.isPresent() && courier.deliver(delivery, tenant.get().secrets().getFirst());
    }

    private void failed(Delivery delivery) {
        int failures = delivery.failures() + 1;
        var wait = Retries.after(failures);
        if (wait.isEmpty()) {
            hooks.db().write(tx -> hooks.store().delete(tx, delivery.hookId()));
            deliveries.labelValues("given-up").inc();
            LOG.atWarn()
                    .addKeyValue("hook", delivery.hookId())
                    .log("a webhook was removed, because its receiver did not answer for too long");
            return;
        }
        var again = hooks.now().plus(wait.get());
        hooks.db()
                .write(tx -> {
                    hooks.store().setFailures(tx, delivery.hookId(), failures, again);
                    return null;
                });
        due.put(delivery.hookId(), again);
    }
}
