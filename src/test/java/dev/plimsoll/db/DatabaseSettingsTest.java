// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

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
                        "PLIMSOLL_DATABASE_READERS", "9");
        assertThat(settled(DatabaseSettings::read, all))
                .isEqualTo(new DatabaseSettings(Path.of("/d"), Path.of("/e/f.db"), 9));
    }

    @Test
    void anotherEngineIsRefusedWithoutItsPassword() {
        var url = Map.of("PLIMSOLL_DATABASE_URL", "postgresql://u:geheim@h/db");
        assertThatThrownBy(() -> settled(DatabaseSettings::read, url))
                .hasMessageContaining("database.url must begin with sqlite:")
                .hasMessageNotContaining("geheim");
    }
}
