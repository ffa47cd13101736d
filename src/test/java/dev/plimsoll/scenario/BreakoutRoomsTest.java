// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;

import org.junit.jupiter.api.Test;

/// Breakout rooms: those that a frontend opens through us, and those that a server opens without us.
class BreakoutRoomsTest {

    @Test
    void aRoomThatAFrontendOpensRunsWhereItsParentRuns() {
        try (var cluster = Cluster.of(5).start()) {
            for (int parent = 0; parent < 5; parent++) {
                String id = "parent-" + parent;
                cluster.api().create(id);
                for (int sequence = 1; sequence <= 3; sequence++) {
                    var room = openRoom(cluster.api(), id, id + "-0000-" + sequence, sequence);
                    assertThat(room.succeeded()).as(room.body()).isTrue();
                }
                int home = cluster.only(id);
                assertThat(cluster.server(home).control().meetings())
                        .filteredOn(meeting -> meeting.name().equals("Room of " + id))
                        .hasSize(3);
            }
        }
    }

    @Test
    void aRoomOfAnUnknownParentIsRefusedInTheServersOwnWords() {
        try (var cluster = Cluster.of(2).start()) {
            assertThat(openRoom(cluster.api(), "nope", "room-1234-1", 1).key())
                    .isEqualTo("parentMeetingDoesNotExist");
            assertThat(cluster.registered()).isEmpty();
        }
    }

    @Test
    void aRoomThatAServerOpenedByItselfAnswersByItsId() {
        try (var cluster = Cluster.of(3).start()) {
            cluster.api().create("parent");
            int home = cluster.only("parent");
            var server =
                    new Frontend(
                            "http://127.0.0.1:" + cluster.server(home).port(),
                            cluster.server(home).secret());
            var opened = openRoom(server, "parent", "room-1234-1", 1);
            assertThat(opened.succeeded()).as(opened.body()).isTrue();
            cluster.server(home)
                    .control()
                    .connect(opened.text("internalMeetingID"), People.viewers(1));
            cluster.pollAll();
            // BBB: looks meetings up by their internal id, and does not find a room by its other
            // one
            String id = opened.text("internalMeetingID");
            assertThat(cluster.api().info(id).text("isBreakout")).isEqualTo("true");
            assertThat(cluster.api().call("isMeetingRunning", "meetingID", id).text("running"))
                    .isEqualTo("true");
            assertThat(cluster.api().join(id).location())
                    .contains(":" + cluster.server(home).port() + "/");
            assertThat(cluster.api().end(id).succeeded()).isTrue();
            assertThat(cluster.registered("parent")).isPresent();
        }
    }

    private static Frontend.Reply openRoom(Frontend api, String parent, String id, int sequence) {
        return api.call(
                "create",
                "name",
                "Room of " + parent,
                "meetingID",
                id,
                "isBreakout",
                "true",
                "parentMeetingID",
                parent,
                "sequence",
                Integer.toString(sequence));
    }
}
