// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// On a real file, since what counts here is what SQLite really does.
final class DatabaseTest {

    private static final Topic<String> NOTE = new Topic<>("note", String.class);
    private static final Topic<String> OTHER = new Topic<>("other", String.class);
    private static final Topic<String> NOBODY = new Topic<>("nobody", String.class);

    @TempDir private Path folder;
    private Path data;
    private Database db;

    @BeforeEach
    void open() {
        data = folder.resolve("data");
        db = Database.open(DatabaseSettings.in(data));
        db.write(tx ->
                tx.handle().execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"));
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void everyCommitIsOnDiskBeforeItReturns() {
        assertThat(pragma("journal_mode")).isEqualTo("wal");
        assertThat(pragma("synchronous")).isEqualTo("2");
        assertThat(pragma("foreign_keys")).isEqualTo("1");
    }

    @Test
    void everyReaderKnowsTheRulesToo() {
        String mode = db.read(s -> text(s, "PRAGMA journal_mode"));
        assertThat(mode).isEqualTo("wal");
        String keys = db.read(s -> text(s, "PRAGMA foreign_keys"));
        assertThat(keys).isEqualTo("1");
    }

    @Test
    void anInterruptNeitherStopsTheWorkNorIsLost() {
        Thread.currentThread().interrupt();
        write("kept");
        assertThat(notes()).containsExactly("kept");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatWasWrittenIsThereAfterAnotherOpening() {
        write("kept");
        db.close();
        db = Database.open(DatabaseSettings.in(data));
        assertThat(notes()).containsExactly("kept");
    }

    @Test
    void whatWasCommittedIsThereWithoutAnOrderlyEnd() throws IOException {
        write("kept");
        Path crash = Files.createDirectory(folder.resolve("crash"));
        for (String name : List.of("plimsoll.db", "plimsoll.db-wal")) {
            Files.copy(data.resolve(name), crash.resolve(name));
        }
        try (var after = Database.open(DatabaseSettings.in(crash))) {
            String text = after.read(s -> text(s, "SELECT text FROM notes"));
            assertThat(text).isEqualTo("kept");
        }
    }

    @Test
    void anExceptionUndoesEverythingAndAnnouncesNothing() {
        var heard = hear(NOTE);
        assertThatThrownBy(() ->
                        db.write(tx -> {
                            insert(tx, "lost");
                            tx.announce(NOTE, "lost");
                            throw new IllegalStateException("stop");
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("stop");
        assertThat(notes()).isEmpty();
        assertThat(heard).isEmpty();
        write("next");
        assertThat(heard).containsExactly("next");
    }

    @Test
    void wrongSqlIsADatabaseExceptionAndUndoesEverything() {
        assertThatThrownBy(() ->
                        db.write(tx -> {
                            insert(tx, "lost");
                            return tx.handle().execute("INSERT INTO nowhere VALUES (1)");
                        }))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("disk full");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aChangeIsAnnouncedAfterTheCommitAndToItsTopicOnly() {
        var seen = new ArrayList<String>();
        db.listen(NOTE, rows -> seen.add(rows.keySet() + "" + notes()));
        db.listen(OTHER, _ -> seen.add("never"));
        db.write(tx -> {
            insert(tx, "a");
            tx.announce(NOTE, "a");
            tx.announce(NOTE, "a");
            tx.announce(NOBODY, "a");
            assertThat(seen).isEmpty();
            return "";
        });
        assertThat(seen).containsExactly("[a][a]");
    }

    @Test
    void workGoesOnAfterEveryKindOfFailure() {
        for (int round = 0; round < 3; round++) {
            String text = "kept " + round;
            write(text); // the same statements each time, and some of them fail
            assertThatThrownBy(() ->
                            db.write(tx -> {
                                insert(tx, "undone");
                                return tx.handle().execute("INSERT INTO notes VALUES (1, 'twice')");
                            }))
                    .isInstanceOf(DatabaseException.class);
            assertThatThrownBy(() ->
                            db.write(tx -> {
                                insert(tx, "undone");
                                tx.handle()
                                        .execute(
                                                "ROLLBACK"); // as SQLite does when the disk is full
                                throw new IllegalStateException("full");
                            }))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(notes()).containsExactly("kept 0", "kept 1", "kept 2");
    }

    @Test
    void theRowThatWasWrittenLastComesAlong() {
        var seen = hearRows();
        db.write(tx -> {
            tx.announce(NOTE, "a", "first");
            tx.announce(NOTE, "a", "second");
            tx.announce(NOTE, "b", "known");
            assertThat(tx.known(NOTE, "b")).contains("known");
            tx.announce(NOTE, "b"); // something was done to it that nobody told
            assertThat(tx.known(NOTE, "b")).isEmpty();
            tx.announce(OTHER, "c", "other");
            assertThat(tx.touched(NOTE)).containsExactlyInAnyOrder("a", "b");
            return "";
        });
        assertThat(seen).containsExactly("aOptional[second]", "bOptional.empty");
    }

    @Test
    void aRowThatWasReadIsKnownUntilItChangesAndIsNotAnnounced() {
        var seen = hearRows();
        db.write(tx -> {
            tx.announce(NOTE, "a");
            tx.keep(NOTE, "a", "read");
            tx.keep(NOTE, "b", "read, too");
            assertThat(tx.known(NOTE, "a")).contains("read");
            assertThat(tx.known(NOTE, "b")).contains("read, too");
            assertThat(tx.touched(NOTE)).containsExactlyInAnyOrder("a", "b");
            tx.announce(NOTE, "b");
            assertThat(tx.known(NOTE, "b")).isEmpty();
            tx.keep(NOTE, "b", "read again");
            tx.announce(NOTE, "b", "told");
            assertThat(tx.known(NOTE, "b")).contains("told");
            return tx.keep(NOTE, "c", "only read");
        });
        assertThat(seen).containsExactly("aOptional.empty", "bOptional[told]");
    }

    @Test
    void aRowIsReadOnceMoreWhenMemoryWasRenewedWhileItWasWritten() {
        var seen = hearRows();
        db.write(tx -> {
            tx.announce(NOTE, "a", "perhaps older than what memory has by now");
            db.exclusively(() -> {});
            return "";
        });
        db.write(tx -> {
            tx.announce(NOTE, "b", "known");
            return "";
        });
        assertThat(seen).containsExactly("aOptional.empty", "bOptional[known]");
    }

    @Test
    void aRowIsReadOnceMoreWhenAnotherInstanceChangedItMeanwhile() {
        var seen = hearRows();
        db.write(tx -> {
            tx.announce(NOTE, "a", "perhaps older than the other's");
            tx.announce(NOTE, "b", "known");
            db.tellOf("note", Set.of("a"));
            return "";
        });
        assertThat(seen).containsExactly("aOptional.empty", "aOptional.empty", "bOptional[known]");
    }

    @Test
    void changesAreHeardInTheOrderOfTheCommits() throws Exception {
        var heard = hear(NOTE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writes = new ArrayList<Future<?>>();
            for (int i = 0; i < 64; i++) {
                String text = "n" + i;
                writes.add(threads.submit(() -> write(text)));
            }
            for (var write : writes) {
                write.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(heard).hasSize(64).isEqualTo(notes());
    }

    @Test
    void aListenerThatFailsNeitherUndoesTheWriteNorDeafensTheOthers() {
        db.listen(
                NOTE,
                _ -> {
                    throw new IllegalStateException("broken listener");
                });
        var heard = hear(NOTE);
        write("kept");
        assertThat(heard).containsExactly("kept");
        assertThat(notes()).containsExactly("kept");
    }

    @Test
    void readsGoOnBesideALongWriteAndSeeWhatWasCommitted() throws Exception {
        write("before");
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing =
                    threads.submit(() ->
                            db.write(tx -> {
                                insert(tx, "during");
                                inside.countDown();
                                return Together.await(goOn);
                            }));
            Together.await(inside);
            assertThat(threads.submit(this::notes).get(5, TimeUnit.SECONDS))
                    .containsExactly("before");
            goOn.countDown();
            assertThat(writing.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(notes()).containsExactly("before", "during");
    }

    /// A reader's statement that is kept must not keep what it saw: else the log of changes could never be cut short.
    @Test
    void whoHasReadHoldsNothingBack() {
        for (int i = 0; i < 20; i++) {
            write("note " + i);
            var newest =
                    db.read(s ->
                            s.handle()
                                    .createQuery(
                                            "SELECT text FROM notes WHERE id > :none ORDER BY id DESC")
                                    .bind("none", 0)
                                    .mapTo(String.class)
                                    .findFirst());
            assertThat(newest).contains("note " + i);
            assertThatThrownBy(() -> db.read(s -> text(s, "SELECT json(text) FROM notes")))
                    .isInstanceOf(DatabaseException.class);
        }
        var inTheWay = new ArrayList<Integer>();
        db.read(s ->
                s.handle()
                        .createQuery("PRAGMA wal_checkpoint(TRUNCATE)")
                        .map((row, _) -> inTheWay.add(row.getInt("busy")))
                        .list());
        assertThat(inTheWay).containsExactly(0);
        assertThat(data.resolve("plimsoll.db-wal")).isEmptyFile();
    }

    /// Preparing takes longer than doing, for a driver that keeps nothing itself.
    @Test
    void sqliteIsAskedWhatItWasAskedBeforeWithoutPreparingItAgain() {
        Set<Statement> reading = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Statement> writing = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 50; i++) {
            String text = "note " + i;
            db.read(session -> reading.add(statementOf(session, text)));
            db.write(tx -> writing.add(statementOf(tx, text)));
        }
        assertThat(reading).hasSizeLessThanOrEqualTo(DatabaseSettings.in(data).readers());
        assertThat(writing).hasSize(1);
    }

    private static Statement statementOf(Session session, String text) {
        return session.handle()
                .createQuery("SELECT :text")
                .bind("text", text)
                .map((row, _) -> {
                    assertThat(row.getString(1)).isEqualTo(text);
                    return row.getStatement();
                })
                .one();
    }

    @Test
    void sixtyFourThreadsReadAndWrite() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 64; i++) {
                String text = "n" + i;
                all.add(
                        threads.submit(() -> {
                            for (int n = 0; n < 5; n++) {
                                write(text + "-" + n);
                                assertThat(notes()).contains(text + "-" + n);
                            }
                        }));
            }
            for (var one : all) {
                one.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(notes()).hasSize(320).doesNotHaveDuplicates();
    }

    @Test
    void theDataDirectoryIsOursAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void inADirectoryThatIsOpenToOthersTheDatabaseIsOursAlone() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var there = Database.open(DatabaseSettings.in(open))) {
            there.write(tx -> tx.handle().execute("CREATE TABLE secrets (text TEXT)"));
            for (String name : List.of("plimsoll.db", "plimsoll.db-wal", "plimsoll.db-shm")) {
                var mode = Files.getPosixFilePermissions(open.resolve(name));
                assertThat(PosixFilePermissions.toString(mode)).as(name).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void whatAProcessUnpackedThatWasKilledIsRemoved() throws IOException {
        db.close();
        var library = data.resolve("sqlite-3.54.1.0-07032de8-libsqlitejdbc.so");
        Files.writeString(library, "a library");
        Files.writeString(data.resolve(library.getFileName() + ".lck"), "");
        db = Database.open(DatabaseSettings.in(data));
        try (var files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("plimsoll.db")
                    .noneMatch(name -> name.contains("07032de8"));
        }
    }

    @Test
    void aSecondOpeningIsRefusedInClearWords() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Database.open(DatabaseSettings.in(data)))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessage(refusal());
        }
        write("we are still well");
    }

    @Test
    void anotherProcessIsRefusedToo() throws Exception {
        assertThat(openElsewhere()).isEqualTo(refusal());
        db.close();
        assertThat(openElsewhere()).isEqualTo("opened it");
    }

    @Test
    void anotherProcessIsRefusedAlsoAfterThisOneTriedAgain() throws Exception {
        assertThatThrownBy(() -> Database.open(DatabaseSettings.in(data)))
                .isInstanceOf(DatabaseException.class);
        assertThat(openElsewhere()).isEqualTo(refusal());
    }

    private String refusal() {
        return "another Plimsoll runs with the data directory %s; stop it, or choose another directory with PLIMSOLL_DATA"
                .formatted(data);
    }

    private String openElsewhere() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process =
                new ProcessBuilder(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Opening.class.getName(),
                                data.toString())
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndTheDirectoryLetGo() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("plimsoll.db"), "this is not a database ".repeat(500));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Database.open(DatabaseSettings.in(other)))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessage(
                            "cannot open the database at %s: the file is damaged, or no database; move it away with"
                                    + " its -wal and -shm, and restore a backup (`plimsoll restore`)",
                            other.resolve("plimsoll.db"));
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> Database.open(DatabaseSettings.in(file.resolve("data"))))
                .isInstanceOf(DatabaseException.class)
                .hasMessageStartingWith("cannot use the data directory " + file);
    }

    /// The keys and rows that are told of notes.
    private List<String> hearRows() {
        var heard = new ArrayList<String>();
        db.listen(NOTE, rows -> rows.forEach((key, written) -> heard.add(key + written)));
        return heard;
    }

    private List<String> hear(Topic<String> topic) {
        var heard = new CopyOnWriteArrayList<String>();
        db.listen(topic, rows -> heard.addAll(rows.keySet()));
        return heard;
    }

    private void write(String text) {
        db.write(tx -> {
            insert(tx, text);
            tx.announce(NOTE, text);
            return text;
        });
    }

    private static void insert(Tx tx, String text) {
        tx.handle().execute("INSERT INTO notes (text) VALUES (?)", text);
    }

    private List<String> notes() {
        return db.read(s ->
                s.handle()
                        .createQuery("SELECT text FROM notes ORDER BY id")
                        .mapTo(String.class)
                        .list());
    }

    private String pragma(String name) {
        return db.write(tx -> text(tx, "PRAGMA " + name));
    }

    private static String text(Session session, String sql) {
        return session.handle().createQuery(sql).mapTo(String.class).one();
    }
}
