// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.config.Config;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// `plimsoll reference`: pages of the reference that are made from the running program.
@Command(name = "reference", hidden = true, mixinStandardHelpOptions = true)
final class ReferenceCommand {

    @Command(description = "The calls of the BigBlueButton API, as a Markdown page.")
    void calls() {
        Logging.use(new LogSettings(false, "ERROR"));
        System.out.print(callsPage());
    }

    /// Asks a balancer for its table of calls, so that there is no second one.
    static String callsPage() {
        Path data = temporary();
        var environment = Map.of("PLIMSOLL_DATA", data.toString(), "PLIMSOLL_HTTP_PORT", "0");
        var settings = Settings.read(Config.load(Optional.empty(), environment));
        try (var serve = Serve.start(settings, Clock.systemUTC(), new Random())) {
            return serve.calls().page();
        } finally {
            delete(data);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("plimsoll-reference");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
