// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The webhooks of one simulated server: a process of its own beside bbb-web, which may be absent. Thread-safe;
/// nothing here blocks.
final class Webhooks {

    // BBB: a receiver that takes longer has failed
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// What became of a registration.
    record Registered(Hook hook, Age age) {

        /// Whether the hook was there before.
        enum Age {
            NEW,
            OLD
        }
    }

    private final WebhookSettings settings;
    private final InstantSource clock;
    private final Address address;
    private final Secret secret;
    private final Chance chance;
    private final CopyOnWriteArrayList<Hook> hooks = new CopyOnWriteArrayList<>();

    /// Hooks of ended meetings, which have something left to say.
    private final CopyOnWriteArrayList<Hook> leaving = new CopyOnWriteArrayList<>();

    private volatile WebhookSettings.Presence presence;

    Webhooks(
            WebhookSettings settings,
            InstantSource clock,
            Address address,
            Secret secret,
            Chance chance) {
        this.settings = settings;
        this.clock = clock;
        this.address = address;
        this.secret = secret;
        this.chance = chance;
        presence = settings.presence();
    }

    boolean installed() {
        return presence == WebhookSettings.Presence.INSTALLED;
    }

    /// Installs the package, or removes it with all hooks.
    void setPresence(WebhookSettings.Presence other) {
        presence = other;
        if (!installed()) {
            lose();
        }
    }

    List<Hook> all() {
        return hooks;
    }

    Optional<Hook> find(String id) {
        return hooks.stream().filter(hook -> hook.id.equals(id)).findFirst();
    }

    /// Registers a hook, or finds the one for the same address and meeting.
    synchronized Registered register(Hook.Wish wish) {
        var existing = hooks.stream().filter(hook -> hook.wish.sameTarget(wish)).findFirst();
        if (existing.isPresent()) {
            return new Registered(existing.get(), Registered.Age.OLD);
        }
        String id = chance.uuid();
        var hook = new Hook(id, wish, clock, this::deliver, () -> remove(id));
        hooks.add(hook);
        return new Registered(hook, Registered.Age.NEW);
    }

    /// Takes a hook away with all it had to say.
    ///
    /// @return whether it was there
    boolean remove(String id) {
        leaving.removeIf(hook -> hook.id.equals(id));
        var found = find(id);
        found.ifPresent(hook -> {
            hooks.remove(hook);
            hook.stop();
        });
        return found.isPresent();
    }

    /// Forgets all hooks without a word, as after a reinstallation.
    void lose() {
        hooks.forEach(Hook::stop);
        leaving.forEach(Hook::stop);
        hooks.clear();
        leaving.clear();
    }

    /// Whether nobody would hear of an event.
    boolean silent() {
        return hooks.isEmpty();
    }

    /// Tells of something that happened.
    ///
    /// @param raw the message on the server's bus
    /// @param now in milliseconds
    void tell(
            String id,
            String meetingId,
            Map<String, Object> attributes,
            Map<String, Object> raw,
            long now) {
        if (silent()) {
            return;
        }
        var data =
                Answers.fields(
                        "type",
                        "event",
                        "id",
                        id,
                        "attributes",
                        attributes,
                        "event",
                        Map.of("ts", now));
        tell(new HookEvent(id, meetingId, Json.compact(Map.of("data", data)), Json.compact(raw)));
    }

    private void tell(HookEvent event) {
        for (Hook hook : hooks) {
            if (hook.wish.wants(event)) {
                hook.add(event);
            }
        }
    }

    /// Removes the hooks of a meeting that is over; what they have still to say is said.
    void meetingIsOver(String meetingId) {
        for (Hook hook : hooks) {
            if (hook.wish.meetingId().filter(meetingId::equals).isPresent()) {
                leaving.add(hook);
                hooks.remove(hook);
            }
        }
    }

    void tick() {
        hooks.forEach(Hook::tick);
        leaving.removeIf(Hook::done);
        leaving.forEach(Hook::tick);
    }

    private boolean deliver(Hook.Wish wish, HookEvent event, long firstTry) {
        String body =
                Params.of(
                                "domain",
                                Optional.ofNullable(URI.create(address.url()).getHost()).orElse(""),
                                "event",
                                "[" + (wish.raw() ? event.raw() : event.mapped()) + "]",
                                "timestamp",
                                Long.toString(firstTry))
                        .query();
        var request =
                Outgoing.address(target(wish.callbackUrl(), body))
                        .map(url ->
                                HttpRequest.newBuilder(url)
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(BodyPublishers.ofString(body)));
        if (request.isEmpty()) {
            return false;
        }
        if (settings.proof() == WebhookSettings.Proof.BEARER) {
            request.get().header("Authorization", "Bearer " + secret.reveal());
        }
        int status = Outgoing.status(request.get(), PATIENCE).orElse(0);
        // BBB: a receiver that does not know the hook (any more) has received it, too
        return status == 401 || (status >= 200 && status < 300);
    }

    private String target(String callbackUrl, String body) {
        return switch (settings.proof()) {
            case BEARER -> callbackUrl;
            case CHECKSUM ->
                    callbackUrl
                            + (callbackUrl.contains("?") ? "&" : "?")
                            + "checksum="
                            + Checksum.of(settings.algorithm(), callbackUrl, body, secret);
        };
    }
}
