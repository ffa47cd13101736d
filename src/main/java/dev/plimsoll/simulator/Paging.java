// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Arrays;

/// How `getRecordings` cuts its list into pages, which changed with the releases.
enum Paging {
    /// Up to 2.5: not at all.
    NONE,
    /// 2.6 to 3.0.15: by directories, of which each format of a recording has one.
    DIRECTORIES,
    /// Since 3.0.18: by recordings.
    RECORDINGS;

    /// That of a version such as `3.0.15`; the newest for what is no version.
    static Paging of(String version) {
        if (!version.matches("\\d{1,4}\\.\\d{1,4}(\\.\\d{1,4})?.*")) {
            return RECORDINGS;
        }
        int[] parts =
                Arrays.stream(version.split("\\D+")).mapToInt(Integer::parseInt).limit(3).toArray();
        int number = parts[0] * 1_000_000 + parts[1] * 1000 + (parts.length > 2 ? parts[2] : 0);
        if (number < 2_006_000) {
            return NONE;
        }
        return number < 3_000_018 ? DIRECTORIES : RECORDINGS;
    }
}
