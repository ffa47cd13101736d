// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.regex.Pattern;

final class MigrationsTest {

    private static final Path FOLDER = Path.of("src/main/resources/dev/plimsoll/migrations");

    @TempDir private Path folder;
    private final SQLiteDataSource source = new SQLiteDataSource();

    @BeforeEach
    void open() {
        source.setUrl("jdbc:sqlite:" + folder.resolve("test.db"));
    }

    @Test
    void theNewestFileIsTheOneTheCodeExpects() throws IOException {
        var form = Pattern.compile("V(\\d+)__[a-z0-9_]+\\.sql");
        try (var files = Files.list(FOLDER)) {
            assertThat(
                            files.map(file -> form.matcher(file.getFileName().toString()))
                                    .peek(name -> assertThat(name.matches()).isTrue())
                                    .map(name -> Integer.valueOf(name.group(1)))
                                    .max(Comparator.naturalOrder()))
                    .contains(Integer.valueOf(Migrations.NEWEST));
        }
    }

    @Test
    void aFreshDatabaseGetsAllTables() throws SQLException {
        Migrations.SQLITE.bringUpToDate(source);
        assertThat(text("SELECT MAX(version) FROM flyway_schema_history WHERE success"))
                .isEqualTo(Migrations.NEWEST);
        assertThat(text("SELECT COUNT(*) FROM servers")).isEqualTo("0");
        assertThat(text("SELECT COUNT(*) FROM meetings")).isEqualTo("0");
    }

    @Test
    void aSecondTimeIsCheapAndKeepsWhatIsThere() throws SQLException {
        Migrations.SQLITE.bringUpToDate(source);
        execute("INSERT INTO ended_meetings VALUES ('t', 'm', 'i', 's', 1, 2, 'gone', 3)");
        long quickest = Long.MAX_VALUE; // of some, since the machine may be busy
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            Migrations.SQLITE.bringUpToDate(source);
            quickest = Math.min(quickest, System.nanoTime() - start);
        }
        assertThat(Duration.ofNanos(quickest)).isLessThan(Duration.ofMillis(100));
        assertThat(text("SELECT meeting_id FROM ended_meetings")).isEqualTo("m");
    }

    @Test
    void aDatabaseOfANewerPlimsollIsRefused() throws SQLException {
        Migrations.SQLITE.bringUpToDate(source);
        execute(
                """
                INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,
                    execution_time, success)
                VALUES (99, '999', 'x', 'SQL', 'V999__x.sql', '', 1, 1)
                """);
        assertThatThrownBy(() -> Migrations.SQLITE.bringUpToDate(source))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("newer Plimsoll");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getString(1);
        }
    }
}
