// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.SeenMeeting;

import java.time.Instant;
import java.util.List;

/// How busy a server is, as its last poll saw it, and what young meetings are expected to add.
///
/// @param meetings running, breakout rooms included
/// @param users people; those in breakout rooms are counted in their parent meetings
/// @param voices people with audio, listeners included
/// @param videos camera streams
/// @param largest people in the largest meeting
/// @param reserved user-equivalents expected at `reservedAt`; decays from then on
public record Load(
        int meetings,
        int users,
        int voices,
        int videos,
        int largest,
        double reserved,
        Instant reservedAt) {

    /// Nothing seen, nothing expected.
    public static Load none(Instant now) {
        return new Load(0, 0, 0, 0, 0, 0, now);
    }

    /// The same with another reservation.
    Load reserving(double expected, Instant at) {
        return new Load(meetings, users, voices, videos, largest, expected, at);
    }

    /// What a poll saw, with the reservation that stands.
    static Load of(List<SeenMeeting> seen, double reserved, Instant reservedAt) {
        int users = 0;
        int voices = 0;
        int videos = 0;
        int largest = 0;
        for (SeenMeeting meeting : seen) {
            // BBB: who is in a breakout room stays in the parent's list of people; the streams move
            // along
            users = sum(users, meeting.breakout() ? 0 : meeting.users());
            voices = sum(voices, meeting.voices() + meeting.listeners());
            videos = sum(videos, meeting.videos());
            largest = Math.max(largest, meeting.users());
        }
        return new Load(seen.size(), users, voices, videos, largest, reserved, reservedAt);
    }

    private static int sum(int a, int b) {
        return (int) Math.min((long) a + b, Integer.MAX_VALUE);
    }
}
