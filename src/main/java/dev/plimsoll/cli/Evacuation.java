// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.MoveWish;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Moves all meetings of a server to others, one after the other, the biggest last. Those that were just being created
/// are met in a second round.
final class Evacuation {

    private static final int ROUNDS = 3;

    private final Instance instance;
    private final Screen screen;

    Evacuation(Instance instance, Screen screen) {
        this.instance = instance;
        this.screen = screen;
    }

    /// What came of it.
    ///
    /// @param left meetings that are still there, and why
    record Result(int moved, Map<String, String> left) {}

    /// @param calledOff asked before each move
    Result run(String id, BooleanSupplier calledOff) throws InterruptedException {
        int moved = 0;
        Map<String, String> left = Map.of();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                var there = meetings(id);
                left = new LinkedHashMap<>();
                int before = moved;
                for (MeetingView meeting : there) {
                    if (calledOff.getAsBoolean()) {
                        return new Result(moved, left);
                    }
                    screen.state(
                            id, "%d of %d meetings moved".formatted(moved, before + there.size()));
                    String problem = move(meeting);
                    if (problem.isEmpty()) {
                        moved++;
                    } else {
                        left.put(Table.clean(meeting.id()), Table.clean(problem));
                    }
                }
                if (left.isEmpty() && there.isEmpty()) {
                    break;
                }
            }
        } finally {
            screen.clear(id);
        }
        if (moved > 0) {
            screen.line(
                    "%s: %s moved to other servers"
                            .formatted(id, DrainWait.count(moved, "meeting")));
        }
        return new Result(moved, left);
    }

    private List<MeetingView> meetings(String id) throws InterruptedException {
        var all = instance.send(AdminRoutes.MEETINGS_LIST, "", null, MeetingView[].class);
        return List.of(all).stream()
                .filter(meeting -> meeting.server().equals(id))
                .filter(meeting -> !meeting.state().equals("lost"))
                .sorted(Comparator.comparingInt(MeetingView::users))
                .toList();
    }

    /// Once each round: where it runs after an answer was lost, the next round shows.
    private String move(MeetingView meeting) {
        try {
            instance.once(
                    AdminRoutes.MEETINGS_MOVE, meeting.id(), new MoveWish(null), Changed.class);
            return "";
        } catch (AdminException e) {
            return e.status() == 404 ? "" : String.valueOf(e.getMessage()); // it has ended
        }
    }
}
