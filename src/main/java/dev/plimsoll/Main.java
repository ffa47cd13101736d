// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.cli.Commands;
import dev.plimsoll.config.ConfigProblems;
import dev.plimsoll.db.DatabaseException;

import picocli.CommandLine;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Picks the subcommand. Operators' commands stand in `cli`; those that wire something together stand here.
final class Main {

    private Main() {}

    public static void main(String[] args) {
        Map<String, Supplier<Object>> commands = new HashMap<>(Commands.all(System.getenv()));
        commands.put("demo", DemoCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put("simulator", SimulatorCommand::new);
        commands.put("config", ConfigCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("train", TrainCommand::new);
        System.exit(
                Commands.commandLine(commands, args.length > 0 ? args[0] : "")
                        .setExecutionExceptionHandler((problem, _, _) -> told(problem))
                        .execute(args));
    }

    /// Tells a person what went wrong; only what nobody foresaw is shown with its trace.
    private static int told(Exception problem) {
        switch (problem) {
            case ConfigProblems problems -> {
                System.err.println(problems.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            case IllegalArgumentException usage -> {
                System.err.println("plimsoll: " + usage.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            case AdminException failed -> System.err.println("plimsoll: " + failed.getMessage());
            case DatabaseException failed -> System.err.println("plimsoll: " + failed.getMessage());
            case UncheckedIOException failed when failed.getCause() != null ->
                    System.err.println("plimsoll: " + failed.getCause().getMessage());
            default -> problem.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
