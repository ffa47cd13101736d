// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.SyncWish;
import dev.plimsoll.adminapi.Synced;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Map;

/// `plimsoll servers sync`.
@Command(
        description =
                "Adds and changes servers so that the pool has what a file says; others stay as they are.",
        footer = {
            "",
            "The file: [{\"host\": URL, \"secret\": S, \"id\": …, \"weight\": …, \"tags\": […], \"enable\": true,",
            "\"checksum\": …, \"maxUsers\": …, \"maxMeetings\": …, \"maxPerMinute\": …}, …]",
            "Example: plimsoll servers sync servers.json --dry-run"
        })
final class SyncCommand extends OperatorCommand {

    @Parameters(
            paramLabel = "FILE",
            description = "JSON list of servers; only host and secret are needed.")
    private Path file = Path.of("servers.json");

    @Option(names = "--dry-run", description = "Only say what would change.")
    private boolean dryRun;

    SyncCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        var done =
                connection.send(
                        AdminRoutes.SERVERS_SYNC,
                        "",
                        new SyncWish(ServerList.read(file), dryRun),
                        Synced.class);
        done.changes().forEach(change -> System.out.println((dryRun ? "would: " : "") + change));
        done.left()
                .forEach(id ->
                        System.out.printf("server %s is not in the file and stays as it is%n", id));
        if (done.changes().isEmpty()) {
            System.out.println("nothing to change");
        }
        return done.changes().isEmpty() ? Commands.NOTHING_TO_CHANGE : 0;
    }
}
