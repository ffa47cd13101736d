// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.Changed;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Map;

/// The command line of operators. Exit codes: 0 done, 1 failed, 2 wrong usage, 64 nothing to change.
public final class Commands {

    static final int NOTHING_TO_CHANGE = 64;

    private Commands() {}

    /// The root command with the operators' commands.
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new Root())
                .addSubcommand("status", new StatusCommand(environment))
                .addSubcommand("servers", ServersCommand.commandLine(environment))
                .addSubcommand("meetings", MeetingsCommand.commandLine(environment));
    }

    @Command(
            name = "plimsoll",
            description = "A load balancer for BigBlueButton.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND",
            footer = {"", "Example: plimsoll demo", "Each command has --help."})
    private static final class Root implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "say what to do");
        }
    }

    /// Prints what came of a change, and turns it into an exit code.
    static int report(Changed changed) {
        System.out.println(changed.message());
        return changed.changed() ? 0 : NOTHING_TO_CHANGE;
    }
}
