// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.pool.Caps;
import dev.plimsoll.pool.Server;

import java.time.Instant;
import java.util.Optional;

/// Whether a server's caps let it take one more meeting, and what they leave. Pure.
///
/// People are counted as those the last poll saw and those that young meetings are expected to bring, so that fifty
/// creates of one second do not overshoot. A meeting that alone is larger than a cap gets a server for itself: what is
/// expected is a guess, and no guess may keep a room closed for ever.
public final class CapRule {

    /// What rounding leaves of reservations that were given back.
    private static final double ROUNDING = 0.01;

    private final LoadModel model;
    private final PlacementSettings settings;

    public CapRule(LoadModel model, PlacementSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /// The caps in force: the server's own, else the pool's.
    public Caps caps(Server server) {
        return server.caps().or(settings.caps());
    }

    /// Why the server has no room for a usual meeting; empty when it has.
    public Optional<String> full(Server server, int registered, Instant now) {
        return full(server, settings.usualUsers(), registered, now);
    }

    /// Why the server has no room for so many more people in one more meeting; empty when it has.
    ///
    /// @param registered meetings that are registered there
    Optional<String> full(Server server, double expected, int registered, Instant now) {
        var caps = caps(server);
        if (caps.meetings() > 0 && registered >= caps.meetings()) {
            return Optional.of("full: %d of %d meetings".formatted(registered, caps.meetings()));
        }
        if (caps.users() > 0
                && users(server, now) + Math.min(expected, caps.users())
                        > caps.users() + ROUNDING) {
            return Optional.of(
                    "full: %.0f of %d users, %.0f more expected"
                            .formatted(users(server, now), caps.users(), expected));
        }
        if (caps.perMinute() > 0 && server.intake().at(now) >= caps.perMinute()) {
            return Optional.of("takes %d new meetings per minute".formatted(caps.perMinute()));
        }
        return Optional.empty();
    }

    /// People whom a cap leaves room for; 0 also when there is no cap.
    public int usersLeft(Server server, Instant now) {
        return left(caps(server).users(), (int) Math.ceil(users(server, now) - ROUNDING));
    }

    /// Meetings that a cap leaves room for; 0 also when there is no cap.
    public int meetingsLeft(Server server, int registered) {
        return left(caps(server).meetings(), registered);
    }

    /// New meetings that the present minute leaves room for; 0 also when there is no cap.
    public int perMinuteLeft(Server server, Instant now) {
        return left(caps(server).perMinute(), server.intake().at(now));
    }

    private static int left(int cap, int used) {
        return Math.max(0, cap - used);
    }

    private double users(Server server, Instant now) {
        return server.load().users() + model.reserved(server.load(), now);
    }
}
