// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.db.Database;
import dev.plimsoll.db.DatabaseSettings;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What `plimsoll backup` and `plimsoll restore` print and return, and what becomes of files. What is in a backup is
/// tested in `db`.
@Timeout(60)
final class BackupCommandTest {

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void makeADatabase() {
        Path data = directory.resolve("data");
        Database.open(DatabaseSettings.in(data)).close();
        new DataDirectory(data).write(DataDirectory.SECRET, "gener4ted");
        new DataDirectory(data).write(DataDirectory.ADMIN_TOKEN, "t0ken");
    }

    @Test
    void aBackupIsWrittenWholeForItsOwnerAndReplacesAnOlderOne() throws IOException {
        Path file = directory.resolve("backup");
        run(0, "data", "backup", file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run(0, "data", "backup", file.toString()).out())
                .contains("0 rows of", "holds secrets")
                .doesNotContain("gener4ted");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run(0, "new", "restore", file.toString()).out())
                .contains("servers: 0 rows", "secret: written", "admin-token: written")
                .doesNotContain("gener4ted", "t0ken");
        Path secret = directory.resolve("new/secret");
        assertThat(secret).hasContent("gener4ted");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertNothingHalfIsLeft();
    }

    @Test
    void standardOutputTakesTheBackupAndNothingElse() throws IOException {
        var done = run(0, "data", "backup", "-");
        assertThat(done.err()).contains("0 rows of");
        Path file = Files.write(directory.resolve("backup"), done.bytes());
        run(0, "new", "restore", file.toString());
    }

    @Test
    void standardInputIsRestoredAsAFileIs() throws IOException {
        byte[] whole = run(0, "data", "backup", "-").bytes();
        assertThat(typing(Arrays.copyOf(whole, whole.length - 9), 1, "new", "restore", "-").err())
                .contains("cannot restore standard input: it is damaged", "Nothing was changed");
        assertThat(directory.resolve("new/secret")).doesNotExist();
        assertThat(typing(whole, 0, "new", "restore", "-").out())
                .contains("servers: 0 rows", "secret: written");
        assertThat(directory.resolve("new/secret")).hasContent("gener4ted");
    }

    @Test
    void aBackupThatCannotBeWrittenLeavesTheOlderOne() throws IOException {
        Path file = directory.resolve("backup");
        run(0, "data", "backup", file.toString());
        byte[] older = Files.readAllBytes(file);
        assertThat(run(1, "nothing", "backup", file.toString()).err())
                .contains("there is no database");
        assertThat(file).hasBinaryContent(older);
        assertThat(run(1, "data", "backup", directory.resolve("a/b").toString()).err())
                .contains("cannot write");
        assertThat(run(1, "data", "backup", directory.toString()).err()).contains("a directory");
        assertThat(run(2, "data", "backup").err()).contains("FILE");
        assertNothingHalfIsLeft();
    }

    @Test
    void nothingButABackupIsReplaced() throws IOException {
        for (String name : List.of("data/plimsoll.db", "data/secret")) {
            Path file = directory.resolve(name);
            byte[] before = Files.readAllBytes(file);
            assertThat(run(1, "data", "backup", file.toString()).err())
                    .contains(file.toString(), "is no backup");
            assertThat(file).hasBinaryContent(before);
        }
        run(0, "data", "backup", Files.createFile(directory.resolve("empty")).toString());
    }

    @Test
    void aFileThatIsNoBackupIsNamedAndChangesNothing() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "gener4ted");
        assertThat(run(1, "new", "restore", text.toString()).err())
                .contains(text.toString(), "not a backup")
                .doesNotContain("gener4ted");
        assertThat(run(2, "new", "restore", "nowhere.backup").err())
                .contains("cannot read nowhere.backup");
        assertThat(run(2, "new", "restore").err()).contains("FILE");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void secretsThatDifferAreReplacedOnlyByForce() throws IOException {
        Path file = directory.resolve("backup");
        run(0, "data", "backup", file.toString());
        var other = new DataDirectory(Files.createDirectory(directory.resolve("other")));
        other.write(DataDirectory.SECRET, "another");
        assertThat(run(0, "other", "restore", file.toString()).out())
                .contains("secret: kept", "admin-token: written");
        assertThat(other.read(DataDirectory.SECRET)).contains("another");
        assertThat(run(0, "other", "restore", file.toString(), "--force").out())
                .contains("secret: written", "admin-token: the data directory has the same");
        assertThat(other.read(DataDirectory.SECRET)).contains("gener4ted");
    }

    private void assertNothingHalfIsLeft() throws IOException {
        try (var files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".new"));
        }
    }

    private Ran run(int code, String data, String... words) throws IOException {
        return typing(new byte[0], code, data, words);
    }

    /// The command line in this process, with settings from a file.
    private Ran typing(byte[] input, int code, String data, String... words) throws IOException {
        Path settings =
                Files.writeString(
                        directory.resolve(data + ".yaml"),
                        "data: " + directory.resolve(data) + "\n");
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--config";
        all[words.length + 1] = settings.toString();
        return Ran.of(Map.of(), input, all).returning(code, all);
    }
}
