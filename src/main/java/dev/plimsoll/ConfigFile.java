// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.config.Config;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/// The option that names the settings file, and where it is looked for otherwise.
final class ConfigFile {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings file; else $PLIMSOLL_CONFIG, ./plimsoll.yaml or /etc/plimsoll/plimsoll.yaml.")
    private @Nullable Path file;

    Config load() {
        var environment = System.getenv();
        return Config.load(
                file == null ? Config.usualFile(environment) : Optional.of(file), environment);
    }

    /// All settings, for a command that works with them.
    ///
    /// @throws dev.plimsoll.config.ConfigProblems when any of them is wrong
    Settings settings() {
        var config = load();
        var settings = Settings.read(config);
        config.requireSound();
        return settings;
    }
}
