// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plimsoll.testing.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Backups from and to both engines; the PostgreSQL is a real one.
@Timeout(60)
final class BackupTest {

    private static final Path MIGRATIONS = Path.of("src/main/resources/dev/plimsoll/migrations");

    enum Engine {
        SQLITE,
        POSTGRES
    }

    @TempDir private Path folder = Path.of("");

    private DatabaseSettings settings(Engine engine, String name) {
        Path data = folder.resolve(name);
        return switch (engine) {
            case SQLITE -> DatabaseSettings.in(data);
            case POSTGRES ->
                    new DatabaseSettings(
                            data, TestDatabase.postgres(data), 2, Duration.ofMinutes(10));
        };
    }

    private DatabaseSettings filled(Engine engine, String name) {
        var settings = settings(engine, name);
        try (var database = Database.open(settings)) {
            database.write(tx -> {
                SampleRows.insert(tx.handle());
                return 0;
            });
        }
        return settings;
    }

    private Path backup(DatabaseSettings from) throws IOException {
        Path file = folder.resolve("backup-" + System.nanoTime());
        try (var out = Files.newOutputStream(file)) {
            Backup.write(
                    from,
                    Map.of("secret", "generated 😀"),
                    new Backup.Origin(Instant.EPOCH, "test"),
                    out,
                    (_, _) -> {});
        }
        return file;
    }

    private static Restore.Outcome restore(DatabaseSettings to, Path file, boolean force)
            throws IOException {
        return Restore.run(to, file, force, (_, _) -> {});
    }

    /// All rows of all tables as sorted text.
    private static Map<String, List<String>> content(DatabaseSettings settings) {
        try (var database = Database.open(settings)) {
            return database.read(SampleRows::content);
        }
    }

    @ParameterizedTest
    @CsvSource({"SQLITE,SQLITE", "SQLITE,POSTGRES", "POSTGRES,SQLITE", "POSTGRES,POSTGRES"})
    void everyRowOfEveryTableArrives(Engine from, Engine to) throws IOException {
        var source = filled(from, "source");
        var target = settings(to, "target");
        var before = content(source);
        assertThat(before).allSatisfy((table, rows) -> assertThat(rows).as(table).isNotEmpty());

        var outcome = restore(target, backup(source), false);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Restore.Restored.class,
                        done -> {
                            assertThat(done.generated())
                                    .isEqualTo(Map.of("secret", "generated 😀"));
                            assertThat(done.rows().keySet()).isEqualTo(before.keySet());
                            before.forEach((table, rows) ->
                                    assertThat(done.rows().get(table))
                                            .as(table)
                                            .isEqualTo(rows.size()));
                        });
        assertThat(content(target)).isEqualTo(before);
        try (var database = Database.open(target)) {
            long highest = database.read(SampleRows::highestEvent);
            database.write(tx -> SampleRows.addEvent(tx.handle()));
            assertThat(database.read(SampleRows::highestEvent)).isEqualTo(highest + 1);
        }
    }

    @Test
    void aBackupHoldsEveryTableOfTheMigrations() throws IOException {
        var tables = new TreeSet<String>();
        try (var files = Files.list(MIGRATIONS)) {
            for (Path file : files.sorted().toList()) {
                Pattern.compile("CREATE TABLE (\\w+)")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(table -> tables.add(table.group(1)));
            }
        }
        tables.removeAll(Set.of("meetings_anew", "instances")); // renamed; who lives is no state
        var written =
                Backup.write(
                        filled(Engine.SQLITE, "source"),
                        Map.of(),
                        new Backup.Origin(Instant.EPOCH, "test"),
                        new ByteArrayOutputStream(),
                        (_, _) -> {});
        assertThat(written.keySet()).containsExactlyInAnyOrderElementsOf(tables);
    }

    @Test
    void whatIsReferredToComesFirst() {
        var references =
                new TreeMap<>(
                        Map.of("a", Set.of("c"), "b", Set.<String>of(), "c", Set.of("b", "d")));
        references.put("d", Set.of());
        assertThat(Catalogue.sorted(references)).containsExactly("b", "d", "c", "a");
        references.put("b", Set.of("a"));
        assertThatThrownBy(() -> Catalogue.sorted(references)).hasMessageContaining("circle");
    }

    @Test
    void aFileThatWasCutOffChangesNothing() throws IOException {
        Path file = backup(filled(Engine.SQLITE, "source"));
        byte[] whole = Files.readAllBytes(file);
        var target = filled(Engine.SQLITE, "target");
        var before = content(target);
        for (int length :
                new int[] {0, 1, 11, whole.length / 2, whole.length - 9, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, length));
            assertThat(restore(target, cut, true))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(Restore.Unfit.class);
        }
        assertThat(content(target)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatWasCutOffChangesNothingAndAWholeOneIsRestored(Engine engine)
            throws IOException {
        var source = filled(Engine.SQLITE, "source");
        byte[] whole = Files.readAllBytes(backup(source));
        var target = filled(engine, "target");
        try (var database = Database.open(target)) {
            database.write(tx -> SampleRows.addEvent(tx.handle()));
        }
        var before = content(target);
        assertThat(before).isNotEqualTo(content(source));
        for (int length : new int[] {0, 11, whole.length / 2, whole.length - 1}) {
            assertThat(restore(target, java.util.Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(Restore.Unfit.class);
        }
        assertThat(content(target)).isEqualTo(before);
        assertThat(restore(target, whole)).isInstanceOf(Restore.Restored.class);
        assertThat(content(target)).isEqualTo(content(source));
    }

    private static Restore.Outcome restore(DatabaseSettings target, byte[] bytes)
            throws IOException {
        return Restore.run(target, new ByteArrayInputStream(bytes), true, (_, _) -> {});
    }

    @Test
    void aFileThatWasChangedIsRefused() throws IOException {
        Path file = backup(filled(Engine.SQLITE, "source"));
        var target = settings(Engine.SQLITE, "target");
        assertUnfit(target, changed(file, all -> all.replace("bbb1", "bbb9")), "digest");
        assertUnfit(
                target,
                changed(file, all -> all.replaceFirst("(?m)^\\{\"table\":\"events\".*\n", "")),
                "digest");
        assertUnfit(target, changed(file, all -> all.replaceFirst("(?s)\\{\"end\".*", "")), "end");
        assertUnfit(target, changed(file, all -> all + "more\n"), "follows its end");
        assertUnfit(
                target,
                resealed(file, all -> all.replaceFirst("(?m)^\\{\"table\":\"events\".*\n", "")),
                "rows of the table events are missing");
        assertUnfit(target, Files.writeString(folder.resolve("text"), "text"), "not a backup");
        assertUnfit(target, changed(file, _ -> "{}\n"), "not a backup");
        assertUnfit(
                target, changed(file, all -> all.replaceFirst("[{]\"table\"", "x")), "not JSON");
        byte[] bytes = Files.readAllBytes(file);
        for (String rest : List.of("x", "garbage\n", "x".repeat(100_000))) {
            var longer = new ByteArrayOutputStream();
            longer.write(bytes);
            longer.write(rest.getBytes(StandardCharsets.UTF_8));
            Path followed = Files.write(folder.resolve("followed"), longer.toByteArray());
            assertUnfit(target, followed, "something follows its end");
        }
        bytes[bytes.length / 2] ^= 0x10;
        assertThat(restore(target, Files.write(folder.resolve("flipped"), bytes), false))
                .isInstanceOf(Restore.Unfit.class);
        assertThat(target.data()).doesNotExist();
    }

    private static void assertUnfit(DatabaseSettings target, Path file, String why)
            throws IOException {
        assertThat(restore(target, file, false))
                .isInstanceOfSatisfying(
                        Restore.Unfit.class, unfit -> assertThat(unfit.why()).contains(why));
    }

    @ParameterizedTest
    @EnumSource
    void aBackupOfOlderTablesIsFilledUpWithDefaults(Engine engine) throws IOException {
        Path older =
                resealed(
                        backup(filled(Engine.SQLITE, "source")),
                        all ->
                                all.replaceFirst("\"tables\":\\d+", "\"tables\":3")
                                        .replaceAll(",\"checksum\":\"[^\"]*\"", "")
                                        .replaceAll(",\"peak_users\":\\d+", ""));
        var target = settings(engine, "target");
        assertThat(restore(target, older, false)).isInstanceOf(Restore.Restored.class);
        try (var database = Database.open(target)) {
            assertThat(database.<String>read(SampleRows::checksums)).isEqualTo("sha256");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatOurTablesHaveNoPlaceForIsRefused(Engine engine) throws IOException {
        Path file = backup(filled(Engine.SQLITE, "source"));
        var target = settings(engine, "target");
        assertUnfit(
                target,
                resealed(file, all -> all.replaceFirst("\"tables\":\\d+", "\"tables\":999")),
                "newer Plimsoll (tables of version 999");
        assertUnfit(
                target,
                resealed(file, all -> all.replace("\"peak_users\"", "\"x) --\"")),
                "no column x??--");
        assertUnfit(
                target,
                resealed(file, all -> all.replace("\"events\"", "\"x; DROP\"")),
                "no place for its table x??DROP");
        assertUnfit(
                target,
                resealed(
                        file, all -> all.replace("\"plimsoll-backup\":1", "\"plimsoll-backup\":2")),
                "made by Plimsoll test");
        assertThat(content(target)).allSatisfy((_, rows) -> assertThat(rows).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseWithRowsIsReplacedOnlyByForce(Engine engine) throws IOException {
        Path file = backup(filled(Engine.SQLITE, "source"));
        var target = settings(engine, "target");
        try (var database = Database.open(target)) {
            database.write(tx -> SampleRows.addEvent(tx.handle()));
        }
        var before = content(target);
        assertThat(restore(target, file, false)).isEqualTo(new Restore.NotEmpty("events"));
        assertUnfitByForce(target, file);
        assertThat(content(target)).isEqualTo(before);
        assertThat(restore(target, file, true)).isInstanceOf(Restore.Restored.class);
        var content = content(target);
        assertThat(content).isEqualTo(content(settings(Engine.SQLITE, "source")));
        assertThat(restore(target, file, true)).isInstanceOf(Restore.Restored.class);
        assertThat(content(target)).isEqualTo(content);
    }

    /// It is found only when the database was emptied already.
    private void assertUnfitByForce(DatabaseSettings target, Path file) throws IOException {
        Path unknown = resealed(file, all -> all.replace("\"token\":", "\"tokn\":"));
        assertThat(restore(target, unknown, true)).isInstanceOf(Restore.Unfit.class);
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatBreaksARuleUndoesEverythingAndIsNotQuoted(Engine engine) throws IOException {
        Path wrong =
                resealed(
                        backup(filled(Engine.SQLITE, "source")),
                        all ->
                                all.replace(
                                        "\"server_id\":\"bbb1\",\"token\"",
                                        "\"server_id\":\"gone\",\"token\""));
        var target = settings(engine, "target");
        assertThatThrownBy(() -> restore(target, wrong, false))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("hook_tokens")
                .hasMessageNotContaining("gone");
        assertThat(content(target)).allSatisfy((_, rows) -> assertThat(rows).isEmpty());
    }

    @Test
    void aDirectoryWhoseInstanceRunsIsNotRestoredInto() throws IOException {
        Path file = backup(filled(Engine.SQLITE, "source"));
        var target = settings(Engine.SQLITE, "target");
        try (var running = Database.open(target)) {
            assertThatThrownBy(() -> restore(target, file, true))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("another Plimsoll runs");
            assertThat(running.trouble()).isEmpty();
        }
        assertThat(restore(target, file, false)).isInstanceOf(Restore.Restored.class);
    }

    @Test
    void aPostgresqlThatAnInstanceUsesIsNotRestoredInto() throws IOException {
        Path file = backup(filled(Engine.SQLITE, "source"));
        var target = settings(Engine.POSTGRES, "target");
        var elsewhere =
                new DatabaseSettings(
                        folder.resolve("elsewhere"), target.place(), 2, Duration.ofMinutes(10));
        try (var running = Database.open(target)) {
            var duties = Duties.start(running, "living");
            assertThatThrownBy(() -> restore(elsewhere, file, true))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("1 running Plimsoll");
            duties.close();
            running.write(tx -> tx.handle().execute("INSERT INTO instances VALUES ('killed', 1)"));
        }
        assertThat(restore(elsewhere, file, false)).isInstanceOf(Restore.Restored.class);
    }

    @ParameterizedTest
    @EnumSource
    void aBackupBesideAWriterIsOneMoment(Engine engine) throws Exception {
        var source = filled(engine, "source");
        var stop = new AtomicBoolean();
        try (var database = Database.open(source)) {
            var writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int i = 0; i < 100_000 && !stop.get(); i++) {
                                    String id = "pair" + i;
                                    database.write(tx -> SampleRows.addPair(tx.handle(), id));
                                }
                            });
            try {
                for (int i = 0; i < 5; i++) {
                    Path file = backup(source);
                    var target = settings(Engine.SQLITE, "target" + i);
                    assertThat(restore(target, file, false)).isInstanceOf(Restore.Restored.class);
                    var content = content(target);
                    assertThat(content.get("hook_tokens")).hasSameSizeAs(content.get("servers"));
                }
            } finally {
                stop.set(true);
                writer.join();
            }
            assertThat(database.read(SampleRows::content).get("servers")).hasSizeGreaterThan(5);
        }
    }

    @Test
    void whereThereIsNoDatabaseNoneIsMade() {
        var nothing = settings(Engine.SQLITE, "nothing");
        assertThatThrownBy(() -> backup(nothing))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("there is no database");
        assertThat(nothing.data()).doesNotExist();
    }

    @Test
    void aDatabaseThatIsDamagedIsNamedWithWhatToDo() throws IOException {
        var source = filled(Engine.SQLITE, "source");
        Path file = source.data().resolve("plimsoll.db");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 7);
        Files.write(file, bytes);
        assertThatThrownBy(() -> backup(source))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("the database at " + file)
                .hasMessageContaining("damaged")
                .hasMessageContaining("plimsoll restore");
    }

    @Test
    void aHostWithoutAnAddressIsNamed() {
        var place =
                new DatabaseSettings.Postgres(
                        "nowhere.invalid", 5432, "d", "u", Optional.empty(), "");
        var nowhere =
                new DatabaseSettings(folder.resolve("n"), place, 2, DatabaseSettings.STALE_FOR);
        String said =
                "cannot open the database at nowhere.invalid:5432/d: the name of its host is not known here";
        assertThatThrownBy(() -> backup(nowhere)).hasMessage(said);
        assertThatThrownBy(() -> Database.open(nowhere)).hasMessage(said);
    }

    /// Where the tests run as root, which may read everything, it tests nothing.
    @Test
    void aDatabaseThatMayNotBeReadIsToldFromNone() throws IOException {
        var source = filled(Engine.SQLITE, "source");
        for (Path locked : List.of(source.data().resolve("plimsoll.db"), source.data())) {
            var before = Files.getPosixFilePermissions(locked);
            Files.setPosixFilePermissions(locked, Set.of());
            try {
                assumeThat(Files.isReadable(locked)).isFalse();
                assertThatThrownBy(() -> backup(source))
                        .hasMessageContaining("we may not read the database " + source.data());
            } finally {
                Files.setPosixFilePermissions(locked, before);
            }
        }
    }

    private Path changed(Path file, UnaryOperator<String> change) throws IOException {
        return packed(change.apply(lines(file)));
    }

    /// Changed by somebody who knows the form.
    private Path resealed(Path file, UnaryOperator<String> change) throws IOException {
        var lines = new ArrayList<>(change.apply(lines(file)).lines().toList());
        String end = lines.removeLast();
        String head = String.join("\n", lines) + "\n";
        var digest = BackupWriter.sha256().digest(head.getBytes(StandardCharsets.UTF_8));
        return packed(
                head
                        + end.replaceFirst(
                                "\"sha256\":\"\\w+\"",
                                "\"sha256\":\"" + HexFormat.of().formatHex(digest) + "\"")
                        + "\n");
    }

    private static String lines(Path file) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path packed(String lines) throws IOException {
        Path file = folder.resolve("changed-" + System.nanoTime());
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
