// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// A command that does one thing to the server or meeting it names, such as `servers cordon ID`.
@Command
final class ActCommand extends OperatorCommand {

    private final AdminRoutes route;

    @Parameters(paramLabel = "ID", description = "Which one, as the list shows it.")
    private String id = "";

    private ActCommand(AdminRoutes route, Map<String, String> environment) {
        super(environment);
        this.route = route;
    }

    /// The command as a subcommand: `noun verb ID`.
    static void addTo(
            CommandLine noun, String verb, AdminRoutes route, Map<String, String> environment) {
        var command = new CommandLine(new ActCommand(route, environment));
        command.getCommandSpec()
                .usageMessage()
                .description(route.summary())
                .footer("", "Example: plimsoll %s %s ID".formatted(noun.getCommandName(), verb));
        noun.addSubcommand(verb, command);
    }

    @Override
    public Integer call() {
        return Commands.report(connection.send(route, id, null, Changed.class));
    }
}
