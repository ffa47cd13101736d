// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;

/// A command that talks to a running instance.
@Command(mixinStandardHelpOptions = true)
abstract class OperatorCommand implements Callable<Integer> {

    @Mixin final Connection connection;

    OperatorCommand(Map<String, String> environment) {
        connection = new Connection(environment);
    }
}
