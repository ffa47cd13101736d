// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.adminapi.AdminException;
import dev.plimsoll.cli.Commands;
import dev.plimsoll.config.ConfigProblems;
import dev.plimsoll.db.DatabaseException;

import picocli.CommandLine;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Picks the subcommand. Operators' commands stand in `cli`; those that wire something together stand here.
final class Main {

    private Main() {}

    public static void main(String[] args) {
        Shutdown.exit(run(args));
    }

    private static int run(String... args) {
        if (!List.of(args).equals(List.of("serve"))) {
            String wanted = args.length > 0 ? args[0] : "";
            return commandLine(System.getenv(), wanted).execute(args);
        }
        // What systemd units and containers say needs no picocli, whose classes are too old for
        // the AOT cache: a sixth of the start (docs/decisions/0019-start.md).
        try {
            return new ServeCommand().call();
        } catch (Exception problem) {
            return told(problem);
        }
    }

    /// @param wanted the first argument; if it is a command, the only one made
    static CommandLine commandLine(Map<String, String> environment, String wanted) {
        Map<String, Supplier<Object>> commands = new HashMap<>(Commands.all(environment));
        commands.put("demo", DemoCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put("simulator", SimulatorCommand::new);
        commands.put("config", ConfigCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("reference", ReferenceCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("train", TrainCommand::new);
        var root =
                Commands.commandLine(commands, wanted)
                        .setExecutionExceptionHandler((problem, _, _) -> told(problem));
        tellVersion(root);
        return root;
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
