// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Load;
import dev.plimsoll.pool.Server;

import java.time.Duration;
import java.time.Instant;

/// Turns what we know of a server into one number: user-equivalents, divided by the server's weight. Pure.
///
/// Reservations decay exponentially. That makes the sum over all young meetings of a server a single number that
/// decays as a whole, so taking a reservation costs the same with ten meetings and with a hundred thousand.
public final class LoadModel {

    private final PlacementSettings settings;

    public LoadModel(PlacementSettings settings) {
        this.settings = settings;
    }

    /// People and streams, without reservations.
    public double seen(Load load) {
        return load.users()
                + load.voices() * settings.perVoice()
                + load.videos() * settings.perVideo();
    }

    /// What is left of the server's reservations at that time.
    public double reserved(Load load, Instant now) {
        return decayed(load.reserved(), Duration.between(load.reservedAt(), now));
    }

    /// What is left of a reservation after that time.
    public double decayed(double reservation, Duration age) {
        // A clock that was set back must not make a reservation grow.
        double halfLives = Math.max(0, age.toMillis()) / (double) settings.halfLife().toMillis();
        return reservation * Math.pow(0.5, halfLives);
    }

    /// How busy the server is.
    public double load(Server server, Instant now) {
        return load(server, 0, now);
    }

    /// How busy the server would be with so many more people.
    public double load(Server server, double more, Instant now) {
        return (seen(server.load()) + reserved(server.load(), now) + more) / server.weight();
    }

    /// The same as far as new meetings are concerned: a server that came back counts with a part of its weight, which
    /// grows from poll to poll.
    double loadForNew(Server server, double more, Instant now) {
        return load(server, more, now) / share(server);
    }

    /// The part of the server's weight that counts for new meetings.
    static double share(Server server) {
        return server.health() instanceof Health.Online online ? online.share() : 1;
    }
}
