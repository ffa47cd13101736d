// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.People;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/// Some simulated servers in this process, with people coming and going if wanted.
final class Simulators implements AutoCloseable {

    private final List<SimulatedServer> servers = new ArrayList<>();

    /// Starts so many servers, named `bbb1`, `bbb2`, …
    static Simulators start(int count, InstantSource clock, RandomGenerator random) {
        var simulators = new Simulators();
        for (int i = 1; i <= count; i++) {
            byte[] secret = new byte[16];
            random.nextBytes(secret);
            var settings =
                    SimulatorSettings.standard(new Secret(HexFormat.of().formatHex(secret)))
                            .withName("bbb" + i)
                            .withVersion("3.0.18");
            simulators.servers.add(SimulatedServer.start(settings, clock, random));
        }
        return simulators;
    }

    List<SimulatedServer> servers() {
        return servers;
    }

    /// Lets some people come or go in every meeting.
    void stir(RandomGenerator random) {
        for (SimulatedServer server : servers) {
            for (var meeting : server.control().meetings()) {
                if (meeting.people().size() < 12 && random.nextInt(3) > 0) {
                    var people = People.viewers(1 + random.nextInt(3)).withMicrophone();
                    server.control()
                            .connect(
                                    meeting.internalId(),
                                    random.nextInt(4) == 0 ? people.withCamera() : people);
                } else if (meeting.people().size() > 3) {
                    server.control().leave(meeting.internalId(), 1 + random.nextInt(2));
                }
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(SimulatedServer::close);
    }
}
