// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.StatusView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `plimsoll status`.
@Command(
        name = "status",
        description = "The pool as a table.",
        footer = {"", "Example: watch plimsoll status"})
final class StatusCommand extends OperatorCommand {

    @Mixin private final Output output = new Output();

    StatusCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        var status = connection.send(AdminRoutes.STATUS, "", null, StatusView.class);
        output.print(status, table(status.servers()));
        if (output.isTable()) {
            System.out.printf("%n%d meetings, %d users%n", status.meetings(), status.users());
            status.servers().stream()
                    .forEach(server ->
                            Stream.of(server.reason(), server.caps().full())
                                    .filter(text -> !text.isEmpty())
                                    .forEach(text ->
                                            System.out.printf("%s: %s%n", server.id(), text)));
        }
        return 0;
    }

    private static String health(ServerView server) {
        return server.trouble().isEmpty()
                ? server.health()
                : "%s (%s)".formatted(server.health(), server.trouble().replace('-', ' '));
    }

    static Table table(List<ServerView> servers) {
        var table =
                new Table(
                        "SERVER",
                        "ADMISSION",
                        "HEALTH",
                        "LOAD",
                        "MEETINGS",
                        "USERS",
                        "LARGEST",
                        "VIDEOS",
                        "VERSION",
                        "TAGS");
        for (ServerView server : servers) {
            table.row(
                    server.id(),
                    server.admission(),
                    health(server),
                    server.load(),
                    server.meetings(),
                    server.users(),
                    server.largest(),
                    server.videos(),
                    server.version(),
                    String.join(",", server.tags()));
        }
        return table;
    }
}
