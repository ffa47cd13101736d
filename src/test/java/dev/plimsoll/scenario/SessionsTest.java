// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend.Reply;

import org.junit.jupiter.api.Test;

import java.util.List;

/// `getSessions`: who joined, on all servers.
class SessionsTest {

    @Test
    void theSessionsOfAllServersAreOneList() {
        try (var cluster = Cluster.of(3).with("api.list-timeout", "300ms").start()) {
            assertThat(cluster.api().call("getSessions").key()).isEqualTo("noSessions");
            for (String id : List.of("room-1", "room-2", "room-3")) {
                cluster.api().create(id);
                cluster.api()
                        .call(
                                "join",
                                "meetingID",
                                id,
                                "fullName",
                                "Ada",
                                "role",
                                "VIEWER",
                                "redirect",
                                "false");
            }
            assertThat(rooms(cluster.api().call("getSessions"))).hasSize(3);
            cluster.server(cluster.only("room-2"))
                    .faults()
                    .add(FaultRule.parse("getSessions=hang"));
            assertThat(rooms(cluster.api().call("getSessions"))).hasSize(2);
        }
    }

    private static List<String> rooms(Reply reply) {
        return reply.xml().child("sessions").orElseThrow().children().stream()
                .map(session -> session.textOf("meetingID"))
                .toList();
    }
}
