// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Duration;
import java.util.List;

/// How one simulated server makes and lists recordings. Begin with [#standard] and change what matters.
///
/// @param processing from the end of a recorded meeting to its recording, and from the upload of a text track to its
///     listing
/// @param formats the playback formats it makes of a meeting
/// @param fetchAll whether `getRecordings` without ids and limit lists everything
public record RecordingSettings(Duration processing, List<String> formats, FetchAll fetchAll) {

    /// BigBlueButton's `allowFetchAllRecordings`.
    public enum FetchAll {
        ALLOWED,
        FORBIDDEN
    }

    public RecordingSettings {
        formats = List.copyOf(formats);
    }

    /// BigBlueButton 3.0 as it comes, only faster: a recording is there as soon as its meeting has ended.
    public static RecordingSettings standard() {
        return new RecordingSettings(Duration.ZERO, List.of("presentation"), FetchAll.ALLOWED);
    }

    public RecordingSettings withProcessing(Duration time) {
        return new RecordingSettings(time, formats, fetchAll);
    }

    public RecordingSettings withFormats(String... types) {
        return new RecordingSettings(processing, List.of(types), fetchAll);
    }

    public RecordingSettings withFetchAll(FetchAll allowed) {
        return new RecordingSettings(processing, formats, allowed);
    }
}
