// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes recordings of meetings that asked for it and had people, some time after their end. Under the lock of
/// [Meetings].
final class Recorder implements MeetingWatcher {

    private static final int PICTURES = 3;

    private final Meetings meetings;
    private final RecordingSettings settings;
    private final Consumer<Recording> finished;

    /// @param finished is given each recording
    Recorder(Meetings meetings, RecordingSettings settings, Consumer<Recording> finished) {
        this.meetings = meetings;
        this.settings = settings;
        this.finished = finished;
    }

    @Override
    public void ended(Meeting meeting) {
        // A real server wants a recording mark, too; here the wish is enough.
        if (meeting.plan.record() && meeting.everJoined) {
            var recording = of(meeting, Instant.ofEpochMilli(meetings.now()));
            meetings.later(settings.processing().toMillis(), () -> finished.accept(recording));
        }
    }

    private Recording of(Meeting meeting, Instant end) {
        var start = Instant.ofEpochMilli(meeting.createTime);
        var length = Duration.between(start, end);
        var plan = meeting.plan;
        var formats =
                settings.formats().stream().map(type -> format(type, length, meeting)).toList();
        return new Recording(
                meeting.internalId,
                meeting.externalId,
                plan.name(),
                Recording.State.PUBLISHED,
                start,
                end,
                meeting.visitors.size(),
                40_000 * Math.max(1, length.toSeconds()),
                plan.metadata(),
                plan.breakout()
                        .map(room ->
                                new Recording.Breakout(
                                        room.parentInternalId(), room.sequence(), room.freeJoin())),
                List.of(),
                formats,
                List.of());
    }

    private static PlaybackFormat format(String type, Duration length, Meeting meeting) {
        var made =
                PlaybackFormat.of(type)
                        .withLength(length)
                        .withProcessing(length.dividedBy(10))
                        .withSize(9_000 * Math.max(1, length.toSeconds()));
        return document(meeting)
                .filter(_ -> type.equals("presentation"))
                .map(document ->
                        made.withThumbnails(
                                Meetings.sha1(document) + "-" + meeting.createTime,
                                slides(document)))
                .orElse(made);
    }

    // BBB: the default presentation gives no pictures
    private static Optional<String> document(Meeting meeting) {
        var documents = new ArrayList<>(meeting.plan.documents());
        documents.addAll(meeting.inserted);
        return documents.stream().findFirst();
    }

    private static String[] slides(String document) {
        var alts = new String[PICTURES];
        for (int i = 0; i < PICTURES; i++) {
            alts[i] = document + ", slide " + (i + 1);
        }
        return alts;
    }
}
