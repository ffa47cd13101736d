// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.cli.Commands;

/// Picks the subcommand. Operators' commands stand in `cli`; those that wire something together stand here.
final class Main {

    private Main() {}

    public static void main(String[] args) {
        var commands =
                Commands.commandLine()
                        .addSubcommand("demo", new DemoCommand())
                        .addSubcommand("serve", new ServeCommand())
                        .addSubcommand("simulator", new SimulatorCommand())
                        .addSubcommand("config", new ConfigCommand())
                        .addSubcommand("version", new VersionCommand())
                        .addSubcommand("train", new TrainCommand());
        System.exit(Commands.execute(commands, args));
    }
}
