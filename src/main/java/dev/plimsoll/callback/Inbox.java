// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.db.Tx;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.TenantDirectory;
import dev.plimsoll.tenant.TenantId;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Takes in what servers tell, and puts it into the lines of the hooks that want it: once for each hook, however
/// often a server tells it, and on disk before the server hears that it is taken. Thread-safe.
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Set<Checksum.Algorithm> ANY = EnumSet.allOf(Checksum.Algorithm.class);

    private final Hooks hooks;
    private final Tokens tokens;
    private final HookAddress address;
    private final ServerPool pool;
    private final MeetingRegistry meetings;
    private final Counter events;
    private final Owners owners;
    private volatile Consumer<Collection<String>> waiting = _ -> {};

    Inbox(
            Hooks hooks,
            Tokens tokens,
            HookAddress address,
            ServerPool pool,
            MeetingRegistry meetings,
            TenantDirectory tenants,
            Metrics metrics) {
        this.hooks = hooks;
        this.tokens = tokens;
        this.address = address;
        this.pool = pool;
        this.meetings = meetings;
        this.owners = new Owners(tenants, meetings);
        this.events =
                metrics.counter(
                        "plimsoll_hook_events",
                        "Events that servers told us of, by what became of them.",
                        "outcome");
    }

    /// Who tells, by the address it uses; not yet proved.
    ///
    /// @param path of the address
    public record Sender(Server server, EventKind kind, String path) {

        private Sender(Server server, HookAddress.Parts parts, String path) {
            this(server, parts.kind(), path);
        }
    }

    /// Whose address this is, if it is one that we gave to a server.
    public Optional<Sender> sender(String path) {
        return HookAddress.Parts.of(path)
                .flatMap(parts ->
                        tokens.server(parts.token())
                                .flatMap(pool::find)
                                .map(server -> new Sender(server, parts, path)));
    }

    /// Takes in what the sender posted, if it proves to know the server's secret.
    ///
    /// @param checksum of our address, the form and the secret; empty text without
    /// @param bearer the secret itself, as some bbb-webhooks are set up; empty text without
    /// @param form as it was posted
    public Acceptance accept(Sender sender, String checksum, String bearer, String form) {
        var base = address.base();
        if (base.isEmpty()) {
            return Acceptance.NOT_YET;
        }
        var secret = sender.server().endpoint().secret();
        boolean proved =
                bearer.isEmpty()
                        ? Checksum.matches(
                                checksum, base.get() + sender.path(), form, List.of(secret), ANY)
                        : secret.matches(bearer);
        if (!proved) {
            events.labelValues("forged").inc();
            return Acceptance.FORGED;
        }
        var fields = Params.parse(form);
        var told = HookEvent.read(sender.kind(), fields.get("event", ""), owners::scopedId);
        if (told.isEmpty()) {
            events.labelValues("broken").inc();
            return Acceptance.BROKEN;
        }
        // Most events are nobody's wish, and cost nothing.
        var wanted =
                told.get().stream().flatMap(this::owned).filter(this::concernsSomebody).toList();
        if (wanted.isEmpty()) {
            events.labelValues("unwanted").inc();
        } else {
            store(sender.server(), wanted, stamp(fields.get("timestamp", "")));
        }
        return Acceptance.TAKEN;
    }

    /// An event and the one tenant that may hear of it.
    private record Owned(HookEvent event, TenantId tenant) {

        boolean concerns(Hook hook) {
            return hook.wants(event, tenant) || hook.endsWith(event, tenant);
        }
    }

    private Stream<Owned> owned(HookEvent event) {
        return owners.of(event).stream().map(tenant -> new Owned(event, tenant));
    }

    private boolean concernsSomebody(Owned told) {
        return hooks.living().stream().anyMatch(told::concerns);
    }

    private void store(Server server, List<Owned> told, long stamp) {
        waiting.accept(hooks.db().write(tx -> store(tx, server, told, stamp)));
    }

    private Set<String> store(Tx tx, Server server, List<Owned> told, long stamp) {
        var touched = new LinkedHashSet<String>();
        for (Owned owned : told) {
            String digest = owned.event().digest();
            if (hooks.store().firstSeen(tx, server.id(), digest, hooks.now())) {
                touched.addAll(distribute(tx, owned, stamp));
            } else {
                events.labelValues("repeated").inc();
            }
        }
        return touched;
    }

    private Set<String> distribute(Tx tx, Owned told, long stamp) {
        var event = told.event();
        String text = event.textFor(told.tenant());
        var touched = new LinkedHashSet<String>();
        for (Hook hook : hooks.living()) {
            if (hook.wants(event, told.tenant()) && append(tx, hook, text, stamp)) {
                touched.add(hook.id());
            }
            if (hook.endsWith(event, told.tenant()) && !isHeldAgain(hook, event)) {
                hooks.store().setLeaving(tx, hook.id(), Optional.of(hooks.now()));
            }
        }
        events.labelValues(touched.isEmpty() ? "unwanted" : "stored").inc();
        return touched;
    }

    /// The end of a meeting is told late: another may have begun under its id.
    private boolean isHeldAgain(Hook hook, HookEvent event) {
        return hook.wish()
                .meetingId()
                .flatMap(id -> meetings.known(new Meeting.Key(hook.wish().tenant(), id)))
                .filter(meeting -> !meeting.internalId().equals(event.internalId()))
                .isPresent();
    }

    private boolean append(Tx tx, Hook hook, String text, long stamp) {
        boolean room =
                hooks.store().append(tx, hook.id(), text, stamp, hooks.settings().maxWaiting());
        if (!room) {
            events.labelValues("dropped").inc();
            LOG.atWarn()
                    .addKeyValue("hook", hook.id())
                    .log("an event was dropped: hooks.max-waiting others wait for this receiver");
        }
        return room;
    }

    private long stamp(String given) {
        return given.matches("[0-9]{1,15}") ? Long.parseLong(given) : hooks.now().toEpochMilli();
    }

    /// Remembers the ids of a meeting that is over.
    void remember(Meeting meeting) {
        owners.remember(meeting);
    }

    /// Hears, by their ids, of hooks that have something to tell.
    void tell(Consumer<Collection<String>> listener) {
        waiting = listener;
    }
}
