// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Panicked;
import dev.plimsoll.adminapi.ServerView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/// `plimsoll servers panic`.
@Command(
        description =
                "Ends all meetings of a server at once, forgets those it does not answer for, and disables it.",
        footer = {"", "Example: plimsoll servers panic bbb1.example.org --yes"})
final class PanicCommand extends OperatorCommand {

    @Parameters(paramLabel = "ID", description = "Which server.")
    private String id = "";

    @Option(names = "--yes", description = "Do not ask; on a terminal it asks otherwise.")
    private boolean yes;

    PanicCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        var terminal = yes ? Optional.<Console>empty() : Screen.terminal();
        if (terminal.isPresent() && !isConfirmed(terminal.get())) {
            System.err.println("plimsoll: nothing was done");
            return 1;
        }
        var done = connection.send(AdminRoutes.SERVERS_PANIC, id, null, Panicked.class);
        System.out.println(done.message());
        return done.changed() ? 0 : Commands.NOTHING_TO_CHANGE;
    }

    private boolean isConfirmed(Console terminal) {
        var server = connection.send(AdminRoutes.SERVERS_SHOW, id, null, ServerView.class);
        String answer =
                terminal.readLine(
                        "End %s with %d people on server %s now? [y/N] ",
                        DrainWait.count(server.registered(), "meeting"), server.users(), id);
        return answer != null && answer.strip().matches("(?i)y|yes");
    }
}
