// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import java.time.Duration;

/// When we look at a server, how, and how patiently. Pure.
///
/// What it is made for: a server that falls silent has failed its first look at most heartbeat + 4/5 timeout after it
/// was last heard, whatever that look was, and each further one within 4/5 timeout. At default settings three of them
/// take 2.5 + 4 + 4 + 4 = 14.5 s. One that refuses connections is seen at the next heartbeat and the one after it, 5 s.
///
/// Times are nanoseconds as [System#nanoTime] counts them.
record Beat(Duration interval, Duration heartbeat, Duration timeout) {

    /// What to do with a server now.
    enum Look {
        /// Ask for its meetings.
        POLL,
        /// See only whether it lives.
        KNOCK,
        /// It was heard just now, by a call of somebody else.
        NONE
    }

    /// What is known of the looks at a server so far.
    ///
    /// @param began when the last look began
    /// @param due when the next regular poll is due
    /// @param heard when it last gave a sign of life
    record Past(long began, long due, long heard) {}

    static Beat of(PollSettings settings) {
        boolean shorter = settings.heartbeat().compareTo(settings.interval()) < 0;
        return new Beat(
                settings.interval(),
                shorter ? settings.heartbeat() : settings.interval(),
                settings.timeout());
    }

    /// @param alarmed whether a call to it has just failed
    Look look(boolean online, boolean alarmed, Past past, long now) {
        if (!online || alarmed || now - past.due >= 0) {
            return Look.POLL;
        }
        return now - past.heard >= nine(heartbeat) ? Look.KNOCK : Look.NONE;
    }

    /// When to look again; a time that is past means at once.
    ///
    /// @param chance from 0 to 1: beats of many servers spread, and none comes late
    long next(boolean online, Past past, double chance) {
        long beat = heartbeat.toNanos() - (long) (chance * (heartbeat.toNanos() - nine(heartbeat)));
        if (!online) {
            return past.began + beat;
        }
        long quiet = (past.heard - past.began > 0 ? past.heard : past.began) + beat;
        return quiet - past.due < 0 ? quiet : past.due;
    }

    /// When the next regular poll is due after one that began then: jittered by a fifth.
    long due(long began, double chance) {
        return began + (long) (interval.toNanos() * (0.9 + chance / 5));
    }

    /// How long a look may take.
    ///
    /// @param silence since the server was last heard
    Duration patience(boolean online, Duration silence) {
        var least = timeout.multipliedBy(4).dividedBy(5);
        if (!online) {
            return least;
        }
        var left = heartbeat.plus(least).minus(silence);
        return left.compareTo(timeout) > 0 ? timeout : left.compareTo(least) < 0 ? least : left;
    }

    private static long nine(Duration duration) {
        return duration.toNanos() / 10 * 9;
    }
}
