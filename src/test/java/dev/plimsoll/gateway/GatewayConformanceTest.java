// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.simulator.Recording;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.BbbConformance;
import dev.plimsoll.testing.Check;
import dev.plimsoll.testing.Stage;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The conformance checks through the balancer: what a frontend may rely on must not change when one server becomes
/// four.
@Timeout(20)
final class GatewayConformanceTest {

    /// What the balancer does not do yet, and why.
    private static final Map<Integer, String> LEFT_OUT = Map.of();

    static List<Check> checks() {
        return BbbConformance.checks().stream()
                .filter(check -> check.applies() == Check.Applies.EVERYBODY)
                .filter(check -> !LEFT_OUT.containsKey(check.number()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("checks")
    void theBalancerBehavesLikeAServer(Check check) {
        try (var stage = new Pool()) {
            check.play().on(stage);
        }
    }

    /// Check 78, which only a balancer can fail.
    @Test
    void aSilentServerTakesNothingElseDown() {
        try (var balancer = Balancer.start(4)) {
            var target = balancer.target();
            for (int i = 0; i < 4; i++) {
                String create = "name=Algebra&meetingID=alg-" + i;
                assertThat(target.get("create", create).text("returncode")).isEqualTo("SUCCESS");
            }
            var dead = balancer.serverOf("alg-0");
            var before = dead.control().meeting("alg-0").orElseThrow();
            String healthy =
                    IntStream.range(1, 4)
                            .mapToObj(i -> "alg-" + i)
                            .filter(id -> balancer.serverOf(id) != dead)
                            .findFirst()
                            .orElseThrow();
            dead.faults().add(FaultRule.parse("drop"));
            var list = target.get("getMeetings", "");
            assertThat(list.status()).isEqualTo(200);
            assertThat(list.body()).contains("<meetingID>" + healthy + "</meetingID>");
            assertThat(list.body().split("<meetings>", -1)).hasSize(2);
            var info = target.get("getMeetingInfo", "meetingID=" + healthy);
            assertThat(info.text("meetingID")).isEqualTo(healthy);
            var running = target.get("isMeetingRunning", "meetingID=alg-0");
            assertThat(running.status()).isEqualTo(200);
            assertThat(running.text("returncode")).isEqualTo("SUCCESS");
            assertThat(target.get("create", "name=New&meetingID=new-1").text("returncode"))
                    .isEqualTo("SUCCESS");
            assertThat(balancer.serverOf("new-1")).isNotSameAs(dead);
            var again = target.get("create", "name=Algebra&meetingID=alg-0");
            assertThat(again.status()).isEqualTo(200);
            assertThat(balancer.servers())
                    .filteredOn(server -> server.control().meeting("alg-0").isPresent())
                    .containsExactly(dead);
            assertThat(dead.control().meeting("alg-0").orElseThrow().internalId())
                    .isEqualTo(before.internalId());
        }
    }

    /// The balancer on the stage, four servers behind it.
    private static final class Pool implements Stage {

        private final TestClock clock = TestClock.standing();
        private final List<Balancer> balancers = new ArrayList<>();
        private final Balancer balancer = start(Set.of(Algorithm.values()));

        private Balancer start(Set<Algorithm> algorithms) {
            String names =
                    algorithms.stream()
                            .map(Algorithm::settingName)
                            .collect(Collectors.joining(":"));
            var started = Balancer.start(clock, 4, "PLIMSOLL_CHECKSUM_ALGORITHMS", names);
            balancers.add(started);
            return started;
        }

        @Override
        public Target target() {
            return balancer.target();
        }

        @Override
        public Target allowing(Set<Algorithm> algorithms) {
            return start(algorithms).target();
        }

        @Override
        public String logoutUrl() {
            return balancer.url();
        }

        @Override
        public void connect(String meetingId, People people) {
            balancer.serverOf(meetingId).control().connect(meetingId, people);
        }

        @Override
        public void leave(String meetingId) {
            balancer.serverOf(meetingId).control().leave(meetingId);
        }

        @Override
        public void addRecording(Recording recording) {
            balancer.servers().get(1).control().addRecording(recording);
        }

        @Override
        public void pass(Duration time) {
            clock.advance(time);
            balancers.forEach(each -> each.servers().forEach(SimulatedServer::tick));
        }

        @Override
        public void close() {
            balancers.forEach(Balancer::close);
        }
    }
}
