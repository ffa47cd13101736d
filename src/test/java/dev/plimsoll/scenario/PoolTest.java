// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

@Timeout(30)
final class PoolTest {

    @ParameterizedTest
    @ValueSource(strings = {"hang", "drop", "garbage", "html", "status:502", "down"})
    void healthFollowsConsecutivePolls(String fault) {
        try (var cluster = Cluster.of(1).with("poll.timeout", "200ms").start()) {
            int polls = fault.equals("down") ? 2 : 3; // refused connections count twice
            fail(cluster, fault);
            assertThat(healthAfterPolls(cluster, 4))
                    .isEqualTo(
                            List.of(
                                    "unstable",
                                    polls > 2 ? "unstable" : "offline",
                                    "offline",
                                    "offline"));
            recover(cluster);
            assertThat(healthAfterPolls(cluster, 3)).containsExactly("offline", "online", "online");
            fail(cluster, fault);
            assertThat(healthAfterPolls(cluster, 1)).containsExactly("unstable");
            recover(cluster);
            assertThat(healthAfterPolls(cluster, 1)).containsExactly("unstable");
            fail(cluster, fault);
            // The good poll in between began the count anew.
            assertThat(healthAfterPolls(cluster, polls).getLast()).isEqualTo("offline");
            recover(cluster);
            assertThat(healthAfterPolls(cluster, 2)).containsExactly("offline", "online");
        }
    }

    private static void fail(Cluster cluster, String fault) {
        if (fault.equals("down")) {
            cluster.server(0).goDown();
        } else {
            cluster.server(0).faults().add(FaultRule.parse(fault));
        }
    }

    private static void recover(Cluster cluster) {
        cluster.server(0).faults().clear();
        cluster.server(0).comeUp();
    }

    private static List<String> healthAfterPolls(Cluster cluster, int polls) {
        var seen = new ArrayList<String>();
        for (int i = 0; i < polls; i++) {
            cluster.poll(0);
            seen.add(cluster.health(0));
        }
        return seen;
    }

    @Test
    void failedCallsTakeAServerOutOfPlacementAtOnceAndOnlyPollsDecideTheRest() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("room");
            cluster.server(0).faults().add(FaultRule.parse("getMeetingInfo=garbage"));
            assertThat(api.info("room").key()).isEqualTo("serverUnavailable");
            assertThat(cluster.health(0)).isEqualTo("unstable");
            assertThat(cluster.view(0).reason()).isEqualTo("answers something that is not XML");
            assertThat(cluster.view(0).trouble()).isEqualTo("broken");
            for (int i = 0; i < 10; i++) {
                api.info("room");
            }
            assertThat(cluster.health(0)).isEqualTo("unstable");
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("online");
            assertThat(cluster.view(0).trouble()).isEmpty();
        }
    }

    @Test
    void aHangingServerDelaysNoOtherPoll() {
        try (var cluster =
                Cluster.of(5).with("poll.interval", "100ms").with("poll.timeout", "8s").start()) {
            cluster.server(0).faults().add(FaultRule.parse("getMeetings=hang"));
            var before =
                    cluster.servers().stream().map(s -> s.control().calls("getMeetings")).toList();
            long start = System.nanoTime();
            Together.until(
                    "the others are polled ten times",
                    () -> {
                        for (int i = 1; i < 5; i++) {
                            if (cluster.server(i).control().calls("getMeetings")
                                    < before.get(i) + 10) {
                                return false;
                            }
                        }
                        return true;
                    });
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(7.5);
            assertThat(cluster.server(0).control().calls("getMeetings"))
                    .isLessThanOrEqualTo(before.get(0) + 1);
        }
    }

    @Test
    void aDrainingServerIsDisabledOnceItIsEmpty() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("room");
            cluster.act(AdminRoutes.SERVERS_DRAIN, 0);
            cluster.poll(0);
            assertThat(cluster.view(0).admission()).isEqualTo("draining");
            assertThat(api.create("other").succeeded()).isFalse();
            assertThat(api.join("room").location()).contains("/api/join?");
            assertThat(api.create("room").key()).isEqualTo("duplicateWarning");

            api.end("room");
            Together.until("it is gone", () -> cluster.running("room").isEmpty());
            cluster.poll(0);
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            assertThat(cluster.act(AdminRoutes.SERVERS_ENABLE, 0)).isEmpty();
            assertThat(api.create("other").succeeded()).isTrue();
        }
    }

    @Test
    void aServerEnabledDuringThePollThatWouldFinishItsDrainStaysEnabled() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.act(AdminRoutes.SERVERS_DRAIN, 0);
            var control = cluster.server(0).control();
            cluster.server(0).faults().add(FaultRule.parse("getMeetings=delay:1s*1"));
            long before = control.calls("getMeetings");
            var poll =
                    Together.begin(() -> {
                        cluster.poll(0);
                        return true;
                    });
            Together.until("the poll is under way", () -> control.calls("getMeetings") > before);
            cluster.act(AdminRoutes.SERVERS_ENABLE, 0);
            assertThat(poll.isDone()).isFalse();
            Together.result(poll);
            assertThat(cluster.view(0).admission()).isEqualTo("enabled");
        }
    }

    @Test
    void aServerIsNotTakenAwayFromItsMeetings() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("one");
            api.create("two");
            String refusal = "2 meetings run on server bbb0; drain it and wait, or end them";
            assertThat(cluster.act(AdminRoutes.SERVERS_DISABLE, 0)).contains(refusal);
            assertThat(cluster.act(AdminRoutes.SERVERS_REMOVE, 0)).contains(refusal);
            api.end("one");
            api.end("two");
            assertThat(cluster.act(AdminRoutes.SERVERS_DISABLE, 0)).isEmpty();
            assertThat(cluster.act(AdminRoutes.SERVERS_REMOVE, 0)).isEmpty();
            assertThat(api.create("three").text("message"))
                    .isEqualTo("Could not find any available servers.");
            assertThat(api.list().key()).isEqualTo("noMeetings");
        }
    }

    @Test
    void aServerIsNotRemovedUnderAMeetingThatIsBeingCreated() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            cluster.server(0).faults().add(FaultRule.parse("create=delay:300ms*1"));
            var create = Together.begin(() -> api.create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            assertThat(cluster.act(AdminRoutes.SERVERS_REMOVE, 0)).contains("1 meeting runs on");
            assertThat(Together.result(create).succeeded()).isTrue();
        }
    }

    @Test
    void aServerAddedAtRunTimeIsPolledAtOnceAndUsed() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            for (int i = 0; i < 4; i++) {
                api.create("early-" + i);
            }
            int added = cluster.add(null);
            Together.until("it is online", () -> cluster.health(added).equals("online"));
            for (int i = 0; i < 4; i++) {
                api.create("late-" + i);
            }
            assertThat(cluster.spread()).containsExactly(4, 4);
        }
    }

    @Test
    void stoppingDuringAPollIsNotTheServersFault() {
        try (var cluster =
                Cluster.of(1).with("poll.interval", "100ms").with("poll.timeout", "20s").start()) {
            var control = cluster.server(0).control();
            long before = control.calls("getMeetings");
            cluster.server(0).faults().add(FaultRule.parse("getMeetings=hang"));
            Together.until("a poll hangs", () -> control.calls("getMeetings") > before);
            cluster.stop();
            assertThat(cluster.sql("SELECT health FROM servers")).isEqualTo("ONLINE");
            cluster.start();
        }
    }
}
