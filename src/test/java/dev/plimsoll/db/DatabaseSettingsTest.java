// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;
import dev.plimsoll.config.Setting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

final class DatabaseSettingsTest {

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(DatabaseSettings::read, Map.of()))
                .isEqualTo(DatabaseSettings.in(Path.of("plimsoll-data")));
    }

    @Test
    void theDatabaseIsInTheDataDirectory() {
        assertThat(settled(DatabaseSettings::read, Map.of("PLIMSOLL_DATA", "/var/lib/plimsoll")))
                .isEqualTo(DatabaseSettings.in(Path.of("/var/lib/plimsoll")));
    }

    @Test
    void everySettingReachesItsPlace() {
        var all =
                Map.of(
                        "PLIMSOLL_DATA", "/d",
                        "PLIMSOLL_DATABASE_URL", "sqlite:/e/f.db",
                        "PLIMSOLL_DATABASE_READERS", "9",
                        "PLIMSOLL_DATABASE_STALE_FOR", "3m");
        assertThat(settled(DatabaseSettings::read, all))
                .isEqualTo(
                        new DatabaseSettings(
                                Path.of("/d"),
                                new DatabaseSettings.Sqlite(Path.of("/e/f.db")),
                                9,
                                Duration.ofMinutes(3)));
    }

    @Test
    void postgresIsNamedAsElsewhere() {
        var url =
                Map.of(
                        "PLIMSOLL_DATABASE_URL",
                        "postgresql://plim%20soll:p%40ss+1@db.example.org:6432/pool?sslmode=require");
        assertThat(settled(DatabaseSettings::read, url).place())
                .isEqualTo(
                        new DatabaseSettings.Postgres(
                                "db.example.org",
                                6432,
                                "pool",
                                "plim soll",
                                Optional.of(new Secret("p@ss+1")),
                                "sslmode=require"));
        var usual = Map.of("PLIMSOLL_DATABASE_URL", "postgres://p:x@h/d");
        assertThat(settled(DatabaseSettings::read, usual).place())
                .isEqualTo(
                        new DatabaseSettings.Postgres(
                                "h", 5432, "d", "p", Optional.of(new Secret("x")), ""));
    }

    @Test
    void whoLooksAtTheSettingsSeesNoPassword() {
        assertThat(shown("postgresql://u:geheim@h/d?sslmode=require&password=geheim"))
                .isEqualTo("postgresql://u:••••@h:5432/d?••••");
        assertThat(shown("postgresql://u@h:6432/d")).isEqualTo("postgresql://u@h:6432/d");
        assertThat(shown("sqlite:/a/b.db")).isEqualTo("sqlite:/a/b.db");
        assertThat(shown("postgresql://u:geheim")).doesNotContain("geheim");
    }

    private static String shown(String url) {
        var config = Config.load(Optional.empty(), Map.of("PLIMSOLL_DATABASE_URL", url));
        DatabaseSettings.read(config);
        return config.settings().stream()
                .filter(setting -> setting.key().equals("database.url"))
                .map(Setting::value)
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:geheim@h/db",
                "postgresql://h/geheim",
                "postgresql://u:geheim@h",
                "postgresql://u:geheim@h/",
                "postgresql://u:geheim@h h/db",
                "geheim",
                "sqlite:",
                "sqlite: ",
                "sqlite::memory:",
                "sqlite:geheim\0x"
            })
    void whatIsNoDatabaseIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(
                        () -> settled(DatabaseSettings::read, Map.of("PLIMSOLL_DATABASE_URL", url)))
                .hasMessageContaining("database.url = •••• is not sqlite:FILE or postgresql://")
                .hasMessageNotContaining("geheim");
    }
}
