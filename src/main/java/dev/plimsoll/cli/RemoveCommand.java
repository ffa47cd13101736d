// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `plimsoll servers remove`.
@Command(
        description = "Takes a server out of the pool; refused while meetings run.",
        footer = {"", "Example: plimsoll servers remove bbb1.example.org"})
final class RemoveCommand extends OperatorCommand {

    @Parameters(paramLabel = "ID", description = "Which server.")
    private String id = "";

    @Option(
            names = "--force",
            description =
                    "Also while meetings run: they are lost, and open elsewhere when somebody wants them next.")
    private boolean force;

    RemoveCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        var route = force ? AdminRoutes.SERVERS_REMOVE_BY_FORCE : AdminRoutes.SERVERS_REMOVE;
        return Commands.report(connection.send(route, id, null, Changed.class));
    }
}
