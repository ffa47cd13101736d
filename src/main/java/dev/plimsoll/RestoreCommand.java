// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.db.Restore;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/// `plimsoll restore`.
@Command(
        name = "restore",
        description =
                "Fills the database of the settings, SQLite or PostgreSQL, with what `plimsoll backup` wrote: all of it or"
                        + " nothing. No instance may use the database meanwhile.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: PLIMSOLL_DATABASE_URL=postgresql://… plimsoll restore /var/backups/plimsoll.backup"
        })
final class RestoreCommand implements Callable<Integer> {

    @Mixin private ConfigFile config = new ConfigFile();

    @Option(
            names = "--force",
            description =
                    "Empty a database that is not, and replace generated secrets that differ.")
    private boolean force;

    @Parameters(
            paramLabel = "FILE",
            description = "What `plimsoll backup` wrote. - is standard input.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        var settings = config.settings();
        if (!isStandardInput() && (!Files.isReadable(file) || Files.isDirectory(file))) {
            throw new IllegalArgumentException("cannot read " + file);
        }
        Logging.use(new LogSettings(false, "ERROR"));
        new DataDirectory(settings.database().data()).unpackHere();
        return switch (run(settings)) {
            case Restore.Restored(var rows, var generated) -> {
                rows.forEach((table, count) -> System.out.printf("%s: %d rows%n", table, count));
                write(generated, new DataDirectory(settings.database().data()));
                yield 0;
            }
            case Restore.NotEmpty(String table) ->
                    refused(
                            "the database is not empty (there are rows in %s); nothing was changed. --force empties it first"
                                    .formatted(table));
            case Restore.Unfit(String why) ->
                    refused("cannot restore %s: %s. Nothing was changed".formatted(name(), why));
        };
    }

    private Restore.Outcome run(Settings settings) {
        try (var progress = new Progress()) {
            return isStandardInput()
                    ? Restore.run(settings.database(), System.in, force, progress::rows)
                    : Restore.run(settings.database(), file, force, progress::rows);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("cannot read " + name() + ": " + e.getMessage(), e));
        }
    }

    private boolean isStandardInput() {
        return file.toString().equals("-");
    }

    private String name() {
        return isStandardInput() ? "standard input" : file.toString();
    }

    private static int refused(String why) {
        System.err.println("plimsoll: " + why);
        return 1;
    }

    private void write(Map<String, String> generated, DataDirectory data) {
        for (String name : DataDirectory.GENERATED) {
            String text = generated.getOrDefault(name, "");
            if (text.isEmpty()) {
                continue;
            }
            var present = data.read(name);
            if (present.isEmpty() || (force && !present.get().equals(text))) {
                data.write(name, text);
                System.out.println(name + ": written into the data directory");
            } else if (present.get().equals(text)) {
                System.out.println(name + ": the data directory has the same");
            } else {
                System.out.println(
                        name
                                + ": kept, though the backup holds another one; restore --force replaces it");
            }
        }
    }
}
