// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that names the settings file, and where it is looked for otherwise.
final class ConfigFile {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings file; else $PLIMSOLL_CONFIG, ./plimsoll.yaml or /etc/plimsoll/plimsoll.yaml.")
    private @Nullable Path file;

    Config load() {
        return Config.load(find(), System.getenv());
    }

    /// A file that is named must be there; those of the usual places may be missing.
    private Optional<Path> find() {
        if (file != null) {
            return Optional.of(file);
        }
        String named = System.getenv("PLIMSOLL_CONFIG");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        return List.of(Path.of("plimsoll.yaml"), Path.of("/etc/plimsoll/plimsoll.yaml")).stream()
                .filter(Files::isReadable)
                .findFirst();
    }
}
