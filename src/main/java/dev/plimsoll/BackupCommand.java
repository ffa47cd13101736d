// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.db.Backup;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// `plimsoll backup`.
@Command(
        name = "backup",
        description = {
            "Writes the whole state into one file, also while an instance runs: servers, meetings, webhooks, events,"
                    + " and the generated secrets of the data directory. Settings are not in it.",
            "The file holds secrets; it is readable by its owner only."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: plimsoll backup /var/backups/plimsoll-$(date +%%F).backup"})
final class BackupCommand implements Callable<Integer> {

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    @Mixin private ConfigFile config = new ConfigFile();

    @Parameters(
            paramLabel = "FILE",
            description = "Where to; replaced when all is written. - is standard output.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        var settings = config.settings();
        Logging.use(new LogSettings(false, "ERROR"));
        new DataDirectory(settings.database().data()).unpackHere();
        if (file.toString().equals("-")) {
            toStandardOutput(settings);
        } else {
            toFile(settings);
        }
        return 0;
    }

    private void toStandardOutput(Settings settings) {
        try {
            PrintStream out = System.out;
            told(write(settings, out), System.err);
            if (out.checkError()) {
                throw new UncheckedIOException(
                        new IOException("standard output did not take the whole backup"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void toFile(Settings settings) {
        Path target = file.toAbsolutePath();
        try {
            if (Files.isDirectory(target)) {
                throw new IOException(file + " is a directory");
            }
            if (isSomethingElse(target)) {
                throw new IOException("it is there, and is no backup; name another file");
            }
            var owner =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"));
            Path fresh =
                    Files.createTempFile(
                            target.getParent(), "." + target.getFileName(), ".new", owner);
            fresh.toFile().deleteOnExit(); // if somebody stops us
            try {
                var rows = writeWhole(settings, fresh);
                Files.move(
                        fresh,
                        target,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                told(rows, System.out);
                System.out.println(file + " holds secrets; keep it as safe as they are");
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new UncheckedIOException(
                    new IOException("cannot write into the directory of " + file, e));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("cannot write " + file + ": " + e.getMessage(), e));
        }
    }

    /// Such as the database, which is easily taken for what is to be named.
    private static boolean isSomethingElse(Path target) throws IOException {
        if (!Files.isRegularFile(target)) {
            return false;
        }
        try (var there = Files.newInputStream(target)) {
            byte[] beginning = there.readNBytes(GZIP.length);
            return beginning.length > 0 && !Arrays.equals(beginning, GZIP);
        }
    }

    private static Map<String, Long> writeWhole(Settings settings, Path fresh) throws IOException {
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE);
                var out = Channels.newOutputStream(channel)) {
            var rows = write(settings, out);
            channel.force(true);
            return rows;
        }
    }

    private static Map<String, Long> write(Settings settings, OutputStream out) throws IOException {
        var data = new DataDirectory(settings.database().data());
        var generated = new LinkedHashMap<String, String>();
        for (String name : DataDirectory.GENERATED) {
            data.read(name).ifPresent(text -> generated.put(name, text));
        }
        var origin = new Backup.Origin(Clock.systemUTC().instant(), Version.current().number());
        try (var progress = new Progress()) {
            return Backup.write(settings.database(), generated, origin, out, progress::rows);
        }
    }

    private static void told(Map<String, Long> rows, PrintStream to) {
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        to.printf("%d rows of %d tables are written%n", all, rows.size());
    }
}
