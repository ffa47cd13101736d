// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.pool.Caps;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

final class PlacementSettingsTest {

    @Test
    void withoutAWordTheDefaultsHold() {
        assertThat(settled(PlacementSettings::read, Map.of()))
                .isEqualTo(
                        new PlacementSettings(0.5, 2, 20, Duration.ofMinutes(10), Caps.NONE, 100));
    }

    @Test
    void everySettingReachesItsPlace() {
        var all =
                Map.of(
                        "PLIMSOLL_PLACEMENT_MAX_USERS", "300",
                        "PLIMSOLL_PLACEMENT_MAX_MEETINGS", "40",
                        "PLIMSOLL_PLACEMENT_MAX_PER_MINUTE", "20",
                        "PLIMSOLL_PLACEMENT_BIG_MEETING", "80",
                        "PLIMSOLL_PLACEMENT_LOAD_PER_VOICE", "0.25",
                        "PLIMSOLL_PLACEMENT_LOAD_PER_VIDEO", "3",
                        "PLIMSOLL_PLACEMENT_USUAL_USERS", "30.5",
                        "PLIMSOLL_PLACEMENT_RESERVATION_HALF_LIFE", "1h");
        assertThat(settled(PlacementSettings::read, all))
                .isEqualTo(
                        new PlacementSettings(
                                0.25, 3, 30.5, Duration.ofHours(1), new Caps(300, 40, 20), 80));
    }
}
