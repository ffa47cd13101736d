// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Caps;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Intake;
import dev.plimsoll.pool.Load;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import java.time.Instant;
import java.util.Set;

/// A server for tests that need no real one.
public final class SampleServer {

    private SampleServer() {}

    /// Enabled, online, idle, of weight 1.
    public static Server online(ServerId id, Endpoint endpoint, Instant now) {
        return new Server(
                id,
                endpoint,
                1,
                Set.of(),
                Caps.NONE,
                Admission.ENABLED,
                new Health.Online(1, 1),
                Load.none(now),
                Intake.NONE,
                "3.0.18",
                now,
                0);
    }
}
