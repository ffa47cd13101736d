// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What remains of a meeting on a simulated server. Begin with [#of] and change what matters.
///
/// ```java
/// Recording.of("room-1", start).named("Algebra").with("topic", "Sets").withFormats(PlaybackFormat.of("video"));
/// ```
///
/// @param recordId the internal id of the meeting it was made of
/// @param meetingId the id its caller gave the meeting
/// @param rawSize bytes of the raw material
/// @param metadata what `create` and `updateRecordings` set
/// @param breakout present where the meeting was a breakout room
/// @param breakoutRooms the ids of the meeting's own breakout rooms
/// @param formats one at least, since only a format's directory makes a recording visible
public record Recording(
        String recordId,
        String meetingId,
        String name,
        State state,
        Instant start,
        Instant end,
        int participants,
        long rawSize,
        Map<String, String> metadata,
        Optional<Breakout> breakout,
        List<String> breakoutRooms,
        List<PlaybackFormat> formats,
        List<TextTrack> tracks) {

    /// Which of the server's directories a recording lies in.
    public enum State {
        PUBLISHED,
        UNPUBLISHED,
        PROCESSING,
        PROCESSED,
        DELETED;

        /// The word in the API.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The state by its word in the API.
        public static Optional<State> named(String word) {
            return Arrays.stream(values()).filter(state -> state.text().equals(word)).findFirst();
        }
    }

    /// What a recording knows of the room it was made in.
    public record Breakout(String parentId, long sequence, boolean freeJoin) {}

    /// @throws IllegalArgumentException without any format
    public Recording {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        breakoutRooms = List.copyOf(breakoutRooms);
        formats = List.copyOf(formats);
        tracks = List.copyOf(tracks);
        if (formats.isEmpty()) {
            throw new IllegalArgumentException("a recording has one format at least");
        }
    }

    /// A published recording of an hour, with one format, `presentation`.
    public static Recording of(String meetingId, Instant start) {
        return new Recording(
                Meetings.sha1(meetingId) + "-" + start.toEpochMilli(),
                meetingId,
                meetingId,
                State.PUBLISHED,
                start,
                start.plus(Duration.ofHours(1)),
                1,
                100_000_000,
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(PlaybackFormat.of("presentation")),
                List.of());
    }

    /// The same under another record id.
    public Recording withId(String id) {
        return changed(draft -> draft.recordId = id);
    }

    public Recording named(String newName) {
        return changed(draft -> draft.name = newName);
    }

    public Recording in(State other) {
        return changed(draft -> draft.state = other);
    }

    public Recording ended(Instant at) {
        return changed(draft -> draft.end = at);
    }

    public Recording withParticipants(int count) {
        return changed(draft -> draft.participants = count);
    }

    public Recording withRawSize(long bytes) {
        return changed(draft -> draft.rawSize = bytes);
    }

    /// With one more piece of metadata; an empty value takes it away.
    public Recording with(String key, String value) {
        return changed(draft -> {
            if (value.isEmpty()) {
                draft.metadata.remove(key);
            } else {
                draft.metadata.put(key, value);
            }
        });
    }

    public Recording madeInRoom(Breakout room) {
        return changed(draft -> draft.breakout = Optional.of(room));
    }

    public Recording withRooms(String... ids) {
        return changed(draft -> draft.breakoutRooms = List.of(ids));
    }

    /// With these formats instead of those it had.
    public Recording withFormats(PlaybackFormat... others) {
        return withFormats(List.of(others));
    }

    Recording withFormats(List<PlaybackFormat> others) {
        return changed(draft -> draft.formats = others);
    }

    /// With one more text track, which replaces one of the same kind and language.
    public Recording with(TextTrack track) {
        var others = tracks.stream().filter(other -> !other.file().equals(track.file()));
        return changed(draft -> draft.tracks = Stream.concat(others, Stream.of(track)).toList());
    }

    /// The metadata as its directory holds it: with the keys that BigBlueButton adds.
    Map<String, String> allMetadata() {
        var all = new TreeMap<>(metadata);
        all.put("isBreakout", Boolean.toString(breakout.isPresent()));
        all.put("meetingId", meetingId);
        all.put("meetingName", name);
        return all;
    }

    private Recording changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /// A recording while one thing about it changes.
    private static final class Draft {

        private final Recording old;
        private final Map<String, String> metadata;
        private String recordId;
        private String name;
        private State state;
        private Instant end;
        private int participants;
        private long rawSize;
        private Optional<Breakout> breakout;
        private List<String> breakoutRooms;
        private List<PlaybackFormat> formats;
        private List<TextTrack> tracks;

        private Draft(Recording old) {
            this.old = old;
            metadata = new TreeMap<>(old.metadata);
            recordId = old.recordId;
            name = old.name;
            state = old.state;
            end = old.end;
            participants = old.participants;
            rawSize = old.rawSize;
            breakout = old.breakout;
            breakoutRooms = old.breakoutRooms;
            formats = old.formats;
            tracks = old.tracks;
        }

        private Recording done() {
            return new Recording(
                    recordId,
                    old.meetingId,
                    name,
                    state,
                    old.start,
                    end,
                    participants,
                    rawSize,
                    metadata,
                    breakout,
                    breakoutRooms,
                    formats,
                    tracks);
        }
    }
}
