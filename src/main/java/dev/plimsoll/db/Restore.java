// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ObjLongConsumer;

/// Fills a database with what [Backup] wrote, of whichever engine: in one transaction, or not at all.
public final class Restore {

    /// What came of it. Unless it is [Restored], nothing was changed.
    public sealed interface Outcome {}

    /// The database is as it was when the backup was made.
    ///
    /// @param rows by table
    /// @param generated files of the data directory by name; they are still to be written
    public record Restored(SortedMap<String, Long> rows, Map<String, String> generated)
            implements Outcome {}

    /// The database has rows already.
    public record NotEmpty(String table) implements Outcome {}

    /// The file cannot be used.
    ///
    /// @param why in words for an operator
    public record Unfit(String why) implements Outcome {}

    private Restore() {}

    /// Reads the file twice: that it is whole is known before anything is touched.
    ///
    /// @param force empties a database that is not
    /// @param progress hears of table and rows so far
    /// @throws DatabaseException also when an instance uses the database
    public static Outcome run(
            DatabaseSettings settings, Path file, boolean force, ObjLongConsumer<String> progress)
            throws IOException {
        try (var reader = BackupReader.open(Files.newInputStream(file))) {
            while (reader.next().isPresent()) {
                // To its end, where it is known whether it is whole.
            }
        } catch (BackupReader.Damaged e) {
            return unfit(e);
        }
        return run(settings, Files.newInputStream(file), force, progress);
    }

    /// The same from what can be read only once: whether it is whole is known at its end, before anything is committed.
    /// Only the tables are there already and up to date.
    ///
    /// @param in is closed at the end
    public static Outcome run(
            DatabaseSettings settings,
            InputStream in,
            boolean force,
            ObjLongConsumer<String> progress)
            throws IOException {
        try (var reader = BackupReader.open(in);
                var access = Access.changing(settings)) {
            return fill(new Filling(access), reader, force, progress);
        } catch (BackupReader.Damaged e) {
            return unfit(e);
        } catch (SQLException e) {
            throw new DatabaseException("the database did not take what the backup holds", e);
        }
    }

    private static Unfit unfit(BackupReader.Damaged e) {
        return new Unfit(String.valueOf(e.getMessage()));
    }

    private static Outcome fill(
            Filling filling, BackupReader reader, boolean force, ObjLongConsumer<String> progress)
            throws IOException, SQLException {
        var occupied = filling.occupied();
        if (occupied.isPresent() && !force) {
            return new NotEmpty(occupied.get());
        }
        filling.empty();
        var generated = new LinkedHashMap<String, String>();
        for (var line = reader.next(); line.isPresent(); line = reader.next()) {
            switch (line.get()) {
                case BackupReader.Generated(String name, String text) -> generated.put(name, text);
                case BackupReader.Row row -> {
                    filling.add(row);
                    progress.accept(row.table(), reader.counts().getOrDefault(row.table(), 0L));
                }
            }
        }
        filling.commit();
        return new Restored(reader.counts(), generated);
    }
}
