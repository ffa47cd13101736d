// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.adminapi.EventView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// `plimsoll events`.
@Command(
        name = "events",
        description = "What happened to servers and meetings, the newest last.",
        footer = {"", "Example: plimsoll events --follow"})
final class EventsCommand extends OperatorCommand {

    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(2);

    @Mixin private final Output output = new Output();

    @Option(
            names = "--follow",
            description = "Goes on with what happens next, a line each; with --json, as JSON.")
    private boolean follow;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at most; default ${DEFAULT-VALUE}.")
    private int last;

    EventsCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        if (last < 0 || last > 1000) {
            throw new IllegalArgumentException("--last takes a number from 0 to 1000");
        }
        if (!follow) {
            var events = connection.with(client -> client.newestEvents(last));
            output.print(events, table(events));
            return 0;
        }
        if (!output.isTable() && !output.isJson()) {
            throw new IllegalArgumentException("--follow prints lines or JSON, not CSV");
        }
        return connection.with(this::follow);
    }

    private int follow(AdminClient client) {
        var newest = client.newestEvents(Math.max(1, last));
        long seen = newest.isEmpty() ? 0 : newest.getLast().id();
        if (last > 0) {
            newest.forEach(this::print);
        }
        while (!Thread.currentThread().isInterrupted()) {
            try {
                for (EventView event : client.awaitEvents(seen)) {
                    print(event);
                    seen = event.id();
                }
            } catch (AdminException e) {
                if (!Thread.currentThread().isInterrupted()) {
                    // The instance may only be restarted.
                    System.err.println("plimsoll: " + e.getMessage() + "; trying again");
                    LockSupport.parkNanos(BEFORE_NEXT_TRY.toNanos());
                }
            }
        }
        return 0;
    }

    private void print(EventView event) {
        System.out.println(
                output.isJson()
                        ? JsonMapper.shared().writeValueAsString(event)
                        : Table.clean(
                                "%s  %-16s  %s  %s"
                                        .formatted(
                                                event.at(),
                                                event.kind(),
                                                event.subject(),
                                                event.text())
                                        .stripTrailing()));
    }

    private static Table table(List<EventView> events) {
        var table = new Table("TIME", "WHAT", "WHO", "TEXT");
        events.forEach(event -> table.row(event.at(), event.kind(), event.subject(), event.text()));
        return table;
    }
}
