// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.Duties;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.TenantDirectory;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// All that makes the webhooks of servers those of the pool, put together.
public final class Webhooks implements AutoCloseable {

    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final HookAddress address;
    private final Hooks hooks;
    private final Tokens tokens;
    private final Inbox inbox;
    private final Registrar registrar;
    private final Relay relay;
    private final MeetingRegistry meetings;
    private final Database db;

    public Webhooks(
            HookSettings settings,
            Optional<URI> publicUrl,
            Database db,
            Duties duties,
            InstantSource clock,
            RandomGenerator random,
            ServerPool pool,
            MeetingRegistry meetings,
            BbbClient bbb,
            TenantDirectory tenants,
            Metrics metrics) {
        this.db = db;
        this.meetings = meetings;
        this.address = new HookAddress(publicUrl, settings);
        this.hooks = new Hooks(db, clock, random, settings);
        this.tokens = new Tokens(hooks);
        this.inbox = new Inbox(hooks, tokens, address, pool, meetings, tenants, metrics);
        this.registrar =
                new Registrar(
                        hooks,
                        tokens,
                        address,
                        pool,
                        meetings,
                        new ServerHooks(bbb),
                        inbox,
                        duties,
                        metrics);
        this.relay =
                new Relay(
                        hooks,
                        new Courier(settings.algorithm(), address),
                        tenants,
                        duties,
                        metrics);
    }

    /// What frontends do with hooks.
    public Hooks hooks() {
        return hooks;
    }

    /// Makes a hook, and waits a moment for the servers: who creates a meeting next wants to hear of it.
    public HookCreation create(Hook.Wish wish) throws InterruptedException {
        var creation = hooks.create(wish);
        if (creation instanceof HookCreation.Made) {
            registrar.awaitSettled(MOMENT);
        }
        return creation;
    }

    /// Where servers' events go in.
    public Inbox inbox() {
        return inbox;
    }

    /// Loads what is stored; from then on servers' events can come in.
    public void load() {
        hooks.start();
        tokens.load();
        inbox.tell(relay::waiting);
        meetings.tell(registrar::changed);
        db.listen(HookStore.TOPIC, _ -> registrar.wake());
        if (db.isShared()) {
            db.listen(HookStore.WAITING, hooks -> relay.waiting(hooks.keySet()));
            db.listen(HookStore.TOKENS, _ -> tokens.load());
            db.onGap(tokens::load);
        }
    }

    /// Begins to register on servers and to tell receivers, once we listen at that port.
    public Webhooks start(int port) {
        address.listeningOn(port);
        registrar.start();
        relay.start();
        return this;
    }

    @Override
    public void close() {
        registrar.close();
        relay.close();
    }
}
