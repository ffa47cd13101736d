// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.cli.Commands;
import dev.plimsoll.config.ConfigProblems;
import dev.plimsoll.db.DatabaseException;

import picocli.CommandLine;

import java.io.UncheckedIOException;
import java.util.Map;

/// Picks the subcommand. Operators' commands stand in `cli`; those that wire something together stand here.
final class Main {

    private Main() {}

    public static void main(String[] args) {
        Shutdown.exit(commandLine(System.getenv()).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        var commands =
                Commands.commandLine(environment)
                        .addSubcommand("demo", new DemoCommand())
                        .addSubcommand("serve", new ServeCommand())
                        .addSubcommand("simulator", new SimulatorCommand())
                        .addSubcommand("config", new ConfigCommand())
                        .addSubcommand("version", new VersionCommand())
                        .addSubcommand("train", new TrainCommand())
                        .setExecutionExceptionHandler((problem, _, _) -> told(problem));
        tellVersion(commands);
        return commands;
    }

    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().version(VersionCommand.text());
        command.getSubcommands().values().forEach(Main::tellVersion);
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
