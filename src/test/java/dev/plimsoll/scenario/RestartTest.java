// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.db.DatabaseException;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Map;

@Timeout(30)
final class RestartTest {

    @Test
    void aStopLetsRunningCreatesFinish() {
        try (var cluster = Cluster.of(2).start()) {
            var api = cluster.api();
            cluster.servers()
                    .forEach(server -> server.faults().add(FaultRule.parse("create=delay:500ms")));
            var creates = Together.begin(() -> Together.all(10, i -> api.create("room-" + i)));
            Together.until("all are under way", () -> cluster.calls("create") == 10);
            cluster.stop();
            assertThat(Together.result(creates)).allMatch(reply -> reply.succeeded());

            cluster.start();
            for (int i = 0; i < 10; i++) {
                assertThat(cluster.api().join("room-" + i).location()).contains("/api/join?");
                assertThat(cluster.registered("room-" + i).orElseThrow().state())
                        .isEqualTo("confirmed");
            }
        }
    }

    @Test
    void everythingIsThereAfterARestart() {
        try (var cluster = Cluster.of(3).start()) {
            for (int i = 0; i < 9; i++) {
                cluster.api().create("room-" + i);
            }
            cluster.api().end("room-8");
            var before = cluster.registered();
            cluster.restart();
            assertThat(cluster.registered()).hasSize(8).containsExactlyInAnyOrderElementsOf(before);
            cluster.pollAll();
            for (int i = 0; i < 8; i++) {
                String id = "room-" + i;
                assertThat(cluster.api().info(id).text("internalMeetingID"))
                        .isEqualTo(cluster.meeting(id).internalId());
                assertThat(cluster.api().join(id).location())
                        .startsWith(cluster.server(cluster.only(id)).api().toString());
                assertThat(cluster.api().create(id).key()).isEqualTo("duplicateWarning");
            }
            assertThat(cluster.api().create("room-8").key()).isEmpty();
        }
    }

    @Test
    void whatALostAnswerLeftIsSettledAlsoAfterARestart() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.server(0).faults().add(FaultRule.parse("create=lose-answer*1"));
            String id = cluster.api().create("room").text("internalMeetingID");
            assertThat(cluster.running("room")).containsExactly(0, 1);
            cluster.restart();
            cluster.pollAll();
            cluster.pollAll();
            Together.until("no leftover", () -> cluster.running("room").size() == 1);
            assertThat(cluster.meeting("room").internalId()).isEqualTo(id);
            assertThat(cluster.running("room")).containsExactly(1);
        }
    }

    @Test
    void aSecondInstanceOnTheSameDataIsRefusedInClearWords() {
        try (var cluster = Cluster.of(1).start()) {
            assertThatThrownBy(cluster::secondInstance)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("another Plimsoll runs with the data directory")
                    .hasMessageContaining(cluster.data().toString());
            try (var program = ServeProcess.launch(cluster.data(), Map.of())) {
                assertThat(program.exitCode()).isEqualTo(1);
                assertThat(program.output())
                        .contains("another Plimsoll runs with the data directory")
                        .doesNotContain("\tat ");
            }
            assertThat(cluster.api().create("room").succeeded()).isTrue();
        }
    }
}
