// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a server's secret is read from: never from a plain argument, which others on the machine could read.
final class SecretSource {

    /// One of them, or none.
    private static final class Source {
        @Option(
                names = "--secret-stdin",
                description =
                        "Read the server's secret from standard input; on a terminal, ask for it.")
        private boolean stdin;

        @Option(
                names = "--secret-file",
                paramLabel = "FILE",
                description = "Read the server's secret from a file.")
        private @Nullable Path file;
    }

    @ArgGroup private Source source = new Source();

    Optional<String> read() {
        try {
            if (source.stdin) {
                return Optional.of(typed().strip());
            }
            return source.file == null
                    ? Optional.empty()
                    : Optional.of(Files.readString(source.file).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the secret from "
                            + (source.stdin ? "standard input" : source.file),
                    e);
        }
    }

    /// A person types one line, which is not shown; a program gives all there is.
    private static String typed() throws IOException {
        var terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (terminal.isEmpty()) {
            return new String(System.in.readNBytes(10_000), StandardCharsets.UTF_8);
        }
        char[] line = terminal.get().readPassword("The server's secret (not shown): ");
        return line == null ? "" : new String(line);
    }
}
