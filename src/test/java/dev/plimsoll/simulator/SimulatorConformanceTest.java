// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.testing.BbbConformance;
import dev.plimsoll.testing.Check;
import dev.plimsoll.testing.Stage;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

@Timeout(20)
class SimulatorConformanceTest {

    static List<Check> checks() {
        return BbbConformance.checks();
    }

    @ParameterizedTest
    @MethodSource("checks")
    void the_simulator_behaves_like_a_server(Check check) {
        try (var stage = new Simulators()) {
            check.play().on(stage);
        }
    }

    /// A simulator alone on the stage.
    private static final class Simulators implements Stage {

        private final TestClock clock = TestClock.standing();
        private final List<SimulatedServer> servers = new ArrayList<>();
        private final SimulatedServer server = start(Set.of(Algorithm.values()));

        private SimulatedServer start(Set<Algorithm> algorithms) {
            var settings =
                    SimulatorSettings.standard(BbbConformance.SECRET).withAlgorithms(algorithms);
            var started = SimulatedServer.start(settings, clock, new Random(7));
            servers.add(started);
            return started;
        }

        @Override
        public Target target() {
            return new Target(server.api(), server.secret());
        }

        @Override
        public Target allowing(Set<Algorithm> algorithms) {
            var strict = start(algorithms);
            return new Target(strict.api(), strict.secret());
        }

        @Override
        public String logoutUrl() {
            return "http://127.0.0.1:" + server.port();
        }

        @Override
        public void connect(String meetingId, People people) {
            server.control().connect(meetingId, people);
        }

        @Override
        public void leave(String meetingId) {
            server.control().leave(meetingId);
        }

        @Override
        public void pass(Duration time) {
            clock.advance(time);
            servers.forEach(SimulatedServer::tick);
        }

        @Override
        public void close() {
            servers.forEach(SimulatedServer::close);
        }
    }
}
