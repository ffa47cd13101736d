// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How soon failing servers are noticed, how they come back, and what operators are told, over real sockets.
@Timeout(60)
final class HealthTest {

    /// One test for both, since the time that passes is real.
    @Test
    void deadServersAreOfflineWithin15SecondsAtDefaultSettings() {
        try (var cluster =
                Cluster.of(3)
                        .with("poll.interval", "10s")
                        .with("poll.heartbeat", "2500ms")
                        .start()) {
            long start = System.nanoTime();
            cluster.server(0).faults().add(FaultRule.parse("hang"));
            cluster.server(1).goDown();
            cluster.server(2).faults().add(FaultRule.parse("delay:4s*1"));
            Together.until("the one that is down", () -> cluster.health(1).equals("offline"));
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(5.5);
            Together.until("the one that hangs fails", () -> !cluster.health(0).equals("online"));
            Together.until("the one that hangs", () -> cluster.health(0).equals("offline"));
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
            assertThat(cluster.view(0).trouble()).isEqualTo("silent");
            assertThat(cluster.view(1).trouble()).isEqualTo("refused");
            assertThat(cluster.events(2)).doesNotContain("server-offline: does not answer in time");
        }
    }

    @Test
    void aFailedCallMakesThePollerLookAtOnce() {
        try (var cluster = Cluster.of(1).start()) {
            var api = cluster.api();
            api.create("room");
            long before = cluster.calls("getMeetings");
            cluster.server(0).faults().add(FaultRule.parse("getMeetingInfo=drop"));
            api.info("room");
            Together.until("it is polled", () -> cluster.calls("getMeetings") > before);
            assertThat(cluster.health(0)).isEqualTo("unstable");
            for (int i = 0; i < 20; i++) {
                api.info("room");
            }
            assertThat(cluster.calls("getMeetings")).isEqualTo(before + 1);
        }
    }

    @Test
    void callersWhoFillAllConnectionsDoNotKeepPollsAway() {
        try (var cluster =
                Cluster.of(1).with("bbb.max-connections", "1").with("poll.timeout", "2s").start()) {
            var api = cluster.api();
            api.create("room");
            cluster.server(0).faults().add(FaultRule.parse("getMeetingInfo=hang"));
            var hanging = Together.begin(() -> api.info("room"));
            var control = cluster.server(0).control();
            Together.until("it hangs", () -> control.calls("getMeetingInfo") > 0);
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("online");
            cluster.server(0).faults().clear();
            Together.result(hanging);
        }
    }

    @Test
    void aWrongSecretSaysSoAndWhatToDoAboutIt() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.set(0, new ServerWish(null, null, "wrong", null, null, null));
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("unstable");
            cluster.poll(0);
            cluster.poll(0);
            String advice =
                    "refuses our secret; `plimsoll servers set bbb0 --secret-stdin` sets the right one";
            assertThat(cluster.view(0).trouble()).isEqualTo("wrong-secret");
            assertThat(cluster.view(0).reason()).startsWith(advice);
            String right = cluster.server(0).secret().reveal();
            cluster.set(0, new ServerWish(null, null, right, null, null, null));
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.events(0))
                    .containsExactly(
                            "server-added: enabled, weight 1",
                            "server-online",
                            "server-changed: secret",
                            "server-unstable: " + advice,
                            "server-offline: " + advice,
                            "server-changed: secret",
                            "server-online");
            assertThat(cluster.events(0).toString()).doesNotContain(right);
        }
    }

    @Test
    void whatOperatorsDoIsInTheLogOfEventsToo() {
        try (var cluster = Cluster.of(2).start()) {
            cluster.act(AdminRoutes.SERVERS_CORDON, 1);
            cluster.act(AdminRoutes.SERVERS_CORDON, 1);
            cluster.set(1, new ServerWish(null, null, null, 2.5, java.util.List.of("gpu"), null));
            cluster.act(AdminRoutes.SERVERS_DISABLE, 1);
            cluster.restart();
            cluster.act(AdminRoutes.SERVERS_REMOVE, 1);
            assertThat(cluster.events(1))
                    .containsExactly(
                            "server-added: enabled, weight 1",
                            "server-online",
                            "server-cordoned: was enabled",
                            "server-changed: weight, tags",
                            "server-disabled: was cordoned",
                            "server-removed");
            assertThat(cluster.events(0))
                    .containsExactly("server-added: enabled, weight 1", "server-online");
        }
    }

    @Test
    void aServerThatComesBackGetsItsShareOfNewMeetingsStepByStep() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            cluster.server(0).goDown();
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("offline");
            cluster.server(0).comeUp();
            cluster.poll(0);
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("online");
            for (int i = 0; i < 14; i++) {
                api.create("early-" + i);
            }
            assertThat(cluster.spread().getFirst()).isEqualTo(2); // a sixth of the other's
            assertThat(cluster.sql("SELECT why FROM meetings WHERE server_id = 'bbb0'"))
                    .contains("it came back lately and counts 17 % of its weight");
            for (int i = 0; i < 5; i++) {
                cluster.poll(0);
            }
            for (int i = 0; i < 14; i++) {
                api.create("late-" + i);
            }
            assertThat(cluster.spread()).containsExactly(14, 14);
        }
    }
}
