// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.SeenMeeting;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collections;
import java.util.List;

final class LoadTest {

    private static final Instant NOW = Instant.parse("2026-11-20T11:00:00Z");

    @Test
    void nothingSeenIsNoLoad() {
        assertThat(Load.of(List.of(), 0, NOW)).isEqualTo(Load.none(NOW));
    }

    @Test
    void addsUpPeopleAudioAndCameras() {
        var seen = List.of(meeting(30, 10, 5, 3), meeting(12, 0, 2, 1));
        assertThat(Load.of(seen, 20, NOW)).isEqualTo(new Load(2, 42, 17, 4, 30, 20, NOW));
    }

    @Test
    void peopleInABreakoutRoomAreCountedInItsParentButTheirStreamsWhereTheyAre() {
        var seen = List.of(meeting(30, 0, 0, 0), breakout(15, 10, 4), breakout(15, 12, 5));
        assertThat(Load.of(seen, 0, NOW)).isEqualTo(new Load(3, 30, 22, 9, 30, 0, NOW));
    }

    @Test
    void aServerThatLiesDoesNotLookIdle() {
        var seen = Collections.nCopies(3_000, meeting(1_000_000, 1_000_000, 1_000_000, 1_000_000));
        var load = Load.of(seen, 0, NOW);
        assertThat(load.users()).isGreaterThan(1_000_000);
        assertThat(load.voices()).isGreaterThan(1_000_000);
        assertThat(load.videos()).isGreaterThan(1_000_000);
    }

    private static SeenMeeting meeting(int users, int listeners, int voices, int videos) {
        return new SeenMeeting("m", "i", 1, users, listeners, voices, videos, false, "");
    }

    private static SeenMeeting breakout(int users, int voices, int videos) {
        return new SeenMeeting("b", "i", 1, users, 0, voices, videos, true, "p");
    }
}
