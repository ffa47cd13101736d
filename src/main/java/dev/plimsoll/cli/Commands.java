// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.Changed;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The command line of operators. Exit codes: 0 done, 1 failed, 2 wrong usage, 64 nothing to change.
public final class Commands {

    static final int NOTHING_TO_CHANGE = 64;

    private Commands() {}

    /// The operators' commands by name, each made when it is wanted.
    public static Map<String, Supplier<Object>> all(Map<String, String> environment) {
        return Map.of(
                "status", () -> new StatusCommand(environment),
                "events", () -> new EventsCommand(environment),
                "servers", () -> ServersCommand.commandLine(environment),
                "meetings", () -> MeetingsCommand.commandLine(environment));
    }

    /// The command line with these commands.
    ///
    /// @param wanted the first argument: a command of that name is the only one made, since making all of them
    ///     takes a fifth of a second of every start
    public static CommandLine commandLine(Map<String, Supplier<Object>> commands, String wanted) {
        var root = new CommandLine(new Root());
        new TreeMap<>(commands)
                .forEach((name, command) -> {
                    if (name.equals(wanted) || !commands.containsKey(wanted)) {
                        root.addSubcommand(name, command.get());
                    }
                });
        return root;
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
