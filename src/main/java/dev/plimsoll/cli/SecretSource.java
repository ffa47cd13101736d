// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a server's secret is read from: never from a plain argument, which others on the machine could read.
final class SecretSource {

    @Option(names = "--secret-stdin", description = "Read the server's secret from standard input.")
    private boolean stdin;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "Read the server's secret from a file.")
    private @Nullable Path file;

    Optional<String> read() {
        try {
            if (stdin) {
                return Optional.of(
                        new String(System.in.readNBytes(10_000), StandardCharsets.UTF_8).strip());
            }
            return file == null ? Optional.empty() : Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the secret from " + (stdin ? "standard input" : file), e);
        }
    }
}
