// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.ServerView;

import java.util.Comparator;
import java.util.List;

/// Which servers a roll goes over: those named, those with a tag, or all.
///
/// @param text the same choice as one text, by which a roll that was broken off is known again
record RollChoice(List<String> ids, String tag, String text) {

    static RollChoice of(List<String> ids, String tag) {
        if (ids.isEmpty() == tag.isEmpty()) {
            throw new IllegalArgumentException(
                    "say which servers: their ids, --tag TAG, or all; and only one of these");
        }
        if (!tag.isEmpty()) {
            return new RollChoice(List.of(), tag, "tag " + tag);
        }
        return ids.equals(List.of("all"))
                ? new RollChoice(List.of(), "", "all")
                : new RollChoice(List.copyOf(ids), "", String.join(" ", ids));
    }

    /// The servers meant, in the order named; else those with the fewest people first.
    List<ServerView> of(List<ServerView> pool) {
        if (!ids.isEmpty()) {
            return ids.stream().distinct().map(id -> find(pool, id)).toList();
        }
        return pool.stream()
                .filter(server -> tag.isEmpty() || server.tags().contains(tag))
                .sorted(Comparator.comparingInt(ServerView::users))
                .toList();
    }

    private static ServerView find(List<ServerView> pool, String id) {
        return pool.stream()
                .filter(server -> server.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no server " + id + "; `servers list` shows all"));
    }
}
