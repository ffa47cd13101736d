// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.db.Database;
import dev.plimsoll.tenant.TenantId;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The webhooks of all tenants. Each lives here once; [Registrar] sees to it that servers tell us what they want,
/// [Inbox] takes that in, [Relay] brings it to their receivers.
///
/// The database is the truth; memory holds an immutable snapshot, renewed after each commit. Thread-safe.
public final class Hooks {

    private static final int MAX_URL = 4_000;
    private static final int MAX_MEETING_ID = 1_000;
    private static final int MAX_EVENTS = 4_000;

    /// How long a server may take to tell of a meeting's end after we know of it; BigBlueButton takes 2.5 s.
    private static final Duration LAST_WORDS = Duration.ofMinutes(1);

    /// Servers give up after five minutes; this is longer, and bounds the table.
    private static final Duration TOLD_AGAIN = Duration.ofHours(1);

    private final Database db;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final HookSettings settings;
    private final HookStore store = new HookStore();
    private volatile Map<String, Hook> snapshot = Map.of();
    private volatile Instant clearedAt = Instant.EPOCH;

    public Hooks(Database db, InstantSource clock, RandomGenerator random, HookSettings settings) {
        this.db = db;
        this.clock = clock;
        this.random = random;
        this.settings = settings;
    }

    /// Loads the hooks and follows the changes from now on.
    public void start() {
        db.listen(HookStore.TOPIC, rows -> rows.keySet().forEach(this::refresh));
        db.onGap(this::rebuild);
        // Else what another instance tells in this moment could put back a snapshot without the
        // rest.
        db.exclusively(() -> snapshot = index(db.read(store::all)));
    }

    private void rebuild() {
        snapshot = index(db.read(store::all));
    }

    private static Map<String, Hook> index(List<Hook> hooks) {
        var all = new LinkedHashMap<String, Hook>();
        hooks.forEach(hook -> all.put(hook.id(), hook));
        return Collections.unmodifiableMap(all);
    }

    /// Makes a hook, or finds the one for the same address and meeting.
    public HookCreation create(Hook.Wish wish) {
        var objection = objection(wish);
        if (objection.isPresent()) {
            return new HookCreation.Refused(objection.get());
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var made = new Hook(randomId(), wish, now, Optional.empty());
        return db.write(tx -> {
            var found = store.find(tx, wish);
            if (found.isPresent()) {
                // Its meeting ended, and is to be held once more.
                found.filter(hook -> hook.leavesAt().isPresent())
                        .ifPresent(hook -> store.setLeaving(tx, hook.id(), Optional.empty()));
                return new HookCreation.Duplicate(found.get());
            }
            if (store.count(tx, wish.tenant()) >= settings.max()) {
                return new HookCreation.Refused(
                        "There are as many hooks as are allowed: %d".formatted(settings.max()));
            }
            store.insert(tx, made);
            return new HookCreation.Made(made);
        });
    }

    private static Optional<String> objection(Hook.Wish wish) {
        if (wish.callbackUrl().length() > MAX_URL
                || HookAddress.http(wish.callbackUrl()).isEmpty()) {
            return Optional.of(
                    "The callbackURL must be an address that begins with http:// or https://");
        }
        if (wish.meetingId().filter(id -> id.length() > MAX_MEETING_ID).isPresent()) {
            return Optional.of("The meetingID is too long");
        }
        return String.join(",", wish.eventIds()).length() > MAX_EVENTS
                ? Optional.of("The eventID is too long")
                : Optional.empty();
    }

    /// A tenant's hooks in the order in which they were made.
    ///
    /// @param meetingId only those that hear of this meeting
    public List<Hook> list(TenantId tenant, Optional<String> meetingId) {
        var now = clock.instant();
        return snapshot.values().stream()
                .filter(hook -> hook.wish().tenant().equals(tenant) && !hook.isOver(now))
                .filter(hook ->
                        meetingId.isEmpty()
                                || hook.wish().meetingId().isEmpty()
                                || hook.wish().meetingId().equals(meetingId))
                .toList();
    }

    /// Takes a hook away with all that it had to say.
    ///
    /// @return whether the tenant had it
    public boolean destroy(TenantId tenant, String id) {
        return db.write(tx ->
                store.find(tx, id).filter(hook -> hook.wish().tenant().equals(tenant)).isPresent()
                        && store.delete(tx, id));
    }

    /// Whether nobody took it away.
    boolean has(String id) {
        return snapshot.containsKey(id);
    }

    /// Those that still hear of events.
    Collection<Hook> living() {
        var now = clock.instant();
        return snapshot.values().stream().filter(hook -> !hook.isOver(now)).toList();
    }

    /// Whether some hook was made for this meeting alone.
    boolean hasOwn(String scopedMeetingId) {
        return snapshot.values().stream().anyMatch(hook -> hook.isFor(scopedMeetingId));
    }

    /// A meeting is over: its hooks hear its server's last words, and then go.
    void meetingIsOver(String scopedMeetingId) {
        var at = clock.instant().plus(LAST_WORDS);
        db.write(tx -> {
            snapshot.values().stream()
                    .filter(hook -> hook.isFor(scopedMeetingId) && hook.leavesAt().isEmpty())
                    .forEach(hook -> store.setLeaving(tx, hook.id(), Optional.of(at)));
            return null;
        });
    }

    /// Whether [#clear] may have something to do.
    boolean needsClearing() {
        var now = clock.instant();
        return now.isAfter(clearedAt.plus(TOLD_AGAIN))
                || snapshot.values().stream().anyMatch(hook -> hook.isOver(now));
    }

    /// Removes hooks that have nothing to say any more, and forgets what no server tells again.
    void clear() {
        var now = clock.instant();
        var over = snapshot.values().stream().filter(hook -> hook.isOver(now)).toList();
        clearedAt = now;
        db.write(tx -> {
            store.forgetSeenBefore(tx, now.minus(TOLD_AGAIN));
            for (Hook hook : over) {
                // Asked once more: a frontend may have wanted it back.
                if (store.find(tx, hook.id()).filter(found -> found.isOver(now)).isPresent()
                        && store.waiting(tx, hook.id()) == 0) {
                    store.delete(tx, hook.id());
                }
            }
            return null;
        });
    }

    HookStore store() {
        return store;
    }

    Database db() {
        return db;
    }

    Instant now() {
        return clock.instant();
    }

    HookSettings settings() {
        return settings;
    }

    /// What nobody can guess.
    String randomToken() {
        return "%016x%016x%016x".formatted(random.nextLong(), random.nextLong(), random.nextLong());
    }

    // BBB: a UUID of version 4
    private String randomId() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & ~(0xc0L << 56)) | (0x80L << 56);
        return new UUID(high, low).toString();
    }

    /// Called by the change feed, one change after the other.
    private void refresh(String id) {
        var changed = new LinkedHashMap<>(snapshot);
        db.read(session -> store.find(session, id))
                .ifPresentOrElse(hook -> changed.put(id, hook), () -> changed.remove(id));
        snapshot = Collections.unmodifiableMap(changed);
    }
}
