// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.callback.RegistrationPlan.Whereabouts;
import dev.plimsoll.callback.ServerHooks.Answer;
import dev.plimsoll.callback.ServerHooks.Listing;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.Duties;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Sees to it that every server tells us what our hooks want.
///
/// One loop compares, in memory, what should be with what is on each server. Where they differ, or when it is time
/// to look again, a thread of that server's own asks and changes: so one that hangs delays nobody. A server without
/// bbb-webhooks is noted, and asked again rarely.
final class Registrar implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
    private static final int ABSENT_INTERVALS = 20;

    private final Hooks hooks;
    private final Tokens tokens;
    private final HookAddress address;
    private final ServerPool pool;
    private final MeetingRegistry meetings;
    private final ServerHooks servers;
    private final Inbox inbox;
    private final Duties duties;
    private final Counter calls;
    private final Map<ServerId, Line> lines = new ConcurrentHashMap<>();
    private final Set<String> over = ConcurrentHashMap.newKeySet();
    private final Set<CountDownLatch> waiters = ConcurrentHashMap.newKeySet();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;

    /// What we know of one server. Changed by its own thread only, but for `checkAt`.
    private static final class Line {
        final AtomicBoolean busy = new AtomicBoolean();
        volatile Map<Registration, String> present = Map.of();

        /// When to look what is there.
        volatile Instant checkAt = Instant.EPOCH;

        /// Before that it is left alone, because something failed.
        volatile Instant notBefore = Instant.EPOCH;

        volatile boolean absent;

        /// Why it was left alone last, so that the log says it once.
        volatile String trouble = "";
    }

    Registrar(
            Hooks hooks,
            Tokens tokens,
            HookAddress address,
            ServerPool pool,
            MeetingRegistry meetings,
            ServerHooks servers,
            Inbox inbox,
            Duties duties,
            Metrics metrics) {
        this.duties = duties;
        this.hooks = hooks;
        this.tokens = tokens;
        this.address = address;
        this.pool = pool;
        this.meetings = meetings;
        this.servers = servers;
        this.inbox = inbox;
        this.calls =
                metrics.counter(
                        "plimsoll_hook_registrations",
                        "What became of our hooks on servers; absent: the server has no bbb-webhooks.",
                        "server",
                        "outcome");
    }

    void start() {
        Thread.ofVirtual().name("hook-registrar").start(this::loop);
    }

    @Override
    public void close() {
        stopping = true;
        wake.release();
    }

    /// Looks at once whether something must change.
    void wake() {
        wake.release();
    }

    /// Waits until all servers that answer are as they should be, but not longer than told.
    void awaitSettled(Duration within) throws InterruptedException {
        var settled = new CountDownLatch(1);
        waiters.add(settled);
        wake.release();
        try {
            // If it takes longer, it goes on by itself.
            boolean _ = settled.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            waiters.remove(settled);
        }
    }

    /// Hears of meetings, under the database's lock.
    void changed(Optional<Meeting> before, Optional<Meeting> after) {
        before.filter(meeting -> meeting.isConfirmed() && after.isEmpty())
                .ifPresent(inbox::remember);
        var meeting = after.or(() -> before).map(any -> any.key().scopedId());
        if (meeting.filter(hooks::hasOwn).isEmpty()) {
            return;
        }
        if (after.isEmpty() && before.filter(Meeting::isConfirmed).isPresent()) {
            over.add(meeting.get());
        }
        if (!after.map(Meeting::server).equals(before.map(Meeting::server))) {
            // A server drops the hooks of a meeting that ended, so what we know may be out of date.
            after.map(now -> lines.get(now.server()))
                    .ifPresent(line -> line.checkAt = Instant.EPOCH);
        }
        wake.release();
    }

    private void loop() {
        var cleared = Instant.EPOCH;
        while (!stopping) {
            try {
                cleared = tidy(cleared);
                var hopeful = List.copyOf(waiters);
                if (round()) {
                    hopeful.forEach(CountDownLatch::countDown);
                }
            } catch (RuntimeException e) {
                report(e, "the loop of webhooks failed unexpectedly; it goes on");
            }
            try {
                if (wake.tryAcquire(500, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// @return when hooks were cleared last
    private Instant tidy(Instant cleared) {
        for (String meeting : List.copyOf(over)) {
            hooks.meetingIsOver(meeting);
            over.remove(meeting);
        }
        if (!cleared.plusSeconds(1).isAfter(hooks.now()) && hooks.needsClearing()) {
            hooks.clear();
            return hooks.now();
        }
        return cleared;
    }

    private void report(RuntimeException e, String what) {
        (stopping || e instanceof DatabaseAway ? LOG.atDebug() : LOG.atError())
                .setCause(e)
                .log(what);
    }

    /// @return whether nothing is left to do anywhere
    private boolean round() {
        boolean settled = true;
        var present = pool.servers().stream().map(Server::id).collect(Collectors.toSet());
        for (ServerId id : List.copyOf(lines.keySet())) {
            if (!present.contains(id)) {
                lines.remove(id);
                tokens.forget(id);
            }
        }
        var wanted = wanted();
        for (Server server : pool.servers()) {
            if (duties.isMine("hooks " + server.id())
                    && isReached(server)
                    && (!wanted.living().isEmpty() || tokens.has(server.id()))) {
                var line = lines.computeIfAbsent(server.id(), _ -> new Line());
                boolean due = isDue(server, line, wanted);
                settled &= !due && !line.busy.get();
                if (due && line.busy.compareAndSet(false, true)) {
                    Thread.ofVirtual()
                            .name("hooks-" + server.id())
                            .start(() -> bringIntoLine(server, line));
                }
            }
        }
        return settled;
    }

    /// What servers are to tell us.
    ///
    /// @param homes where the meetings run that have hooks of their own, by the ids that servers know
    /// @param awaited the kinds of the hooks whose meeting may begin anywhere
    private record Wanted(
            Collection<Hook> living, Map<String, ServerId> homes, Set<EventKind> awaited) {}

    private static boolean isReached(Server server) {
        return server.admission() != Admission.DISABLED
                && !(server.health() instanceof Health.Offline);
    }

    private boolean isDue(Server server, Line line, Wanted wanted) {
        var now = hooks.now();
        if (line.notBefore.isAfter(now)) {
            return false;
        }
        boolean unknown = line.checkAt.equals(Instant.EPOCH);
        boolean old = !line.checkAt.isAfter(now) && !line.present.isEmpty();
        return old || (unknown && tokens.has(server.id())) || !plan(server, line, wanted).isEmpty();
    }

    private static RegistrationPlan plan(Server server, Line line, Wanted wanted) {
        Function<String, Whereabouts> whereabouts =
                id -> {
                    var home = Optional.ofNullable(wanted.homes().get(id));
                    if (home.isEmpty()) {
                        return Whereabouts.NOWHERE;
                    }
                    return home.get().equals(server.id())
                            ? Whereabouts.HERE
                            : Whereabouts.ELSEWHERE;
                };
        return RegistrationPlan.of(
                wanted.living(), whereabouts, wanted.awaited(), line.present.keySet());
    }

    private Wanted wanted() {
        var now = hooks.now();
        var living = hooks.living();
        var homes = new HashMap<String, ServerId>();
        var awaited = EnumSet.noneOf(EventKind.class);
        for (Hook hook : living) {
            var meeting =
                    hook.wish()
                            .meetingId()
                            .map(id -> new Meeting.Key(hook.wish().tenant(), id))
                            .flatMap(meetings::known);
            meeting.ifPresent(found -> homes.put(found.key().scopedId(), found.server()));
            if (hook.awaits(meeting, now)) {
                awaited.add(hook.wish().kind());
            }
        }
        return new Wanted(living, homes, awaited);
    }

    private void bringIntoLine(Server server, Line line) {
        try {
            var base = address.base();
            if (base.isPresent()) {
                String token = tokens.of(server.id());
                if (look(server, line, base.get(), token)) {
                    change(server, line, base.get(), token);
                }
            }
        } catch (RuntimeException e) {
            line.notBefore = hooks.now().plus(hooks.settings().checkInterval());
            report(e, "the webhooks of a server could not be seen to");
        } finally {
            line.busy.set(false);
            if (!waiters.isEmpty()) {
                wake.release();
            }
        }
    }

    /// @return whether we know now what is there
    private boolean look(Server server, Line line, String base, String token) {
        if (line.checkAt.isAfter(hooks.now())) {
            return true;
        }
        var next = hooks.now().plus(hooks.settings().checkInterval());
        return switch (servers.list(server, base, token)) {
            case Answer.Given<Listing>(Listing(var ours, var stale)) -> {
                noteLost(server, line, ours);
                line.present = Map.copyOf(ours);
                line.checkAt = next;
                line.absent = false;
                line.trouble = "";
                for (String id : stale) {
                    count(server, servers.destroy(server, id), "destroyed");
                }
                yield true;
            }
            case Answer.Absent<Listing>() -> {
                noteAbsent(server, line);
                yield false;
            }
            case Answer.Failed<Listing>(String reason) -> {
                failed(server, line, reason);
                yield false;
            }
        };
    }

    private void change(Server server, Line line, String base, String token) {
        var plan = plan(server, line, wanted());
        // What is new comes first, so that nothing is missed between; what is told twice counts
        // once.
        for (Registration registration : plan.create()) {
            String url = base + HookAddress.path(token, registration);
            switch (servers.create(server, url, registration)) {
                case Answer.Given<String>(String id) -> {
                    line.present = with(line.present, registration, id);
                    calls.labelValues(server.id().value(), "created").inc();
                }
                case Answer.Absent<String>() -> {
                    noteAbsent(server, line);
                    return;
                }
                case Answer.Failed<String>(String reason) -> {
                    failed(server, line, reason);
                    return;
                }
            }
        }
        for (Registration registration : plan.destroy()) {
            var id = Optional.ofNullable(line.present.get(registration));
            if (id.isPresent()) {
                var answer = servers.destroy(server, id.get());
                count(server, answer, "destroyed");
                if (answer instanceof Answer.Failed<Boolean>(String reason)) {
                    failed(server, line, reason);
                    return;
                }
                line.present = without(line.present, registration);
            }
        }
    }

    private void noteLost(Server server, Line line, Map<Registration, String> ours) {
        if (!ours.keySet().containsAll(line.present.keySet())) {
            LOG.atDebug()
                    .addKeyValue("server", server.id())
                    .log("a server has lost webhooks of ours; they are registered again if wanted");
        }
    }

    private void noteAbsent(Server server, Line line) {
        if (!line.absent) {
            LOG.atWarn()
                    .addKeyValue("server", server.id())
                    .log("a server has no bbb-webhooks: frontends hear nothing of its meetings");
        }
        line.absent = true;
        line.present = Map.of();
        line.checkAt = Instant.EPOCH;
        line.notBefore =
                hooks.now().plus(hooks.settings().checkInterval().multipliedBy(ABSENT_INTERVALS));
        calls.labelValues(server.id().value(), "absent").inc();
    }

    private void failed(Server server, Line line, String reason) {
        (stopping || line.trouble.equals(reason) ? LOG.atDebug() : LOG.atWarn())
                .addKeyValue("server", server.id())
                .addKeyValue("reason", reason)
                .log("webhooks could not be registered on a server; tried again later");
        line.trouble = reason;
        line.notBefore = hooks.now().plus(hooks.settings().checkInterval());
        calls.labelValues(server.id().value(), "failed").inc();
    }

    private void count(Server server, Answer<Boolean> answer, String done) {
        String outcome = answer instanceof Answer.Failed ? "failed" : done;
        calls.labelValues(server.id().value(), outcome).inc();
    }

    private static Map<Registration, String> with(
            Map<Registration, String> present, Registration registration, String id) {
        var more = new HashMap<>(present);
        more.put(registration, id);
        return Map.copyOf(more);
    }

    private static Map<Registration, String> without(
            Map<Registration, String> present, Registration registration) {
        var less = new HashMap<>(present);
        less.remove(registration);
        return Map.copyOf(less);
    }
}
