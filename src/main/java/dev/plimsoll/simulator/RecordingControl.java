// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The part of the control interface that is about recordings and webhooks, without its HTTP.
final class RecordingControl {

    private final Control control;
    private final InstantSource clock;

    RecordingControl(Control control, InstantSource clock) {
        this.control = control;
        this.clock = clock;
    }

    /// @param method `GET`, `POST` or `DELETE`
    /// @param path below `/simulator/recordings`
    /// @return what to answer; empty when there is nothing of that name
    Optional<Object> recordings(String method, List<String> path, JsonNode body) {
        if (path.isEmpty()) {
            return switch (method) {
                case "GET" -> Optional.of(list());
                case "POST" -> Optional.of(add(body));
                default -> Optional.empty();
            };
        }
        String id = path.getFirst();
        if (control.recording(id).isEmpty()) {
            return Optional.empty();
        }
        if (method.equals("DELETE") && path.size() == 1) {
            control.eraseRecording(id);
            return Optional.of(Map.of());
        }
        if (method.equals("POST") && path.size() == 2 && path.get(1).equals("ready")) {
            control.sendRecordingReady(id);
            return Optional.of(Map.of());
        }
        return Optional.empty();
    }

    /// @param method `GET`, `POST` or `DELETE`
    /// @param path below `/simulator/hooks`
    Optional<Object> hooks(String method, List<String> path) {
        String route = method + " " + String.join("/", path);
        switch (route) {
            case "GET " -> {}
            case "DELETE " -> control.loseHooks();
            case "POST install" -> control.setWebhooks(WebhookSettings.Presence.INSTALLED);
            case "POST remove" -> control.setWebhooks(WebhookSettings.Presence.ABSENT);
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(
                Map.of("hooks", control.hooks().stream().map(RecordingControl::describe).toList()));
    }

    private Map<String, Object> list() {
        return Map.of(
                "recordings",
                control.recordings().stream().map(RecordingControl::describe).toList());
    }

    private static Map<String, Object> describe(HookSnapshot hook) {
        return Answers.fields(
                "hookId", hook.hookId(),
                "meetingId", hook.meetingId().orElse(""),
                "eventIds", hook.eventIds(),
                "raw", hook.raw(),
                "waiting", hook.waiting(),
                "failures", hook.failures());
    }

    private static Map<String, Object> describe(Recording recording) {
        return Answers.fields(
                "recordId",
                recording.recordId(),
                "meetingId",
                recording.meetingId(),
                "name",
                recording.name(),
                "state",
                recording.state().text(),
                "start",
                recording.start().toString(),
                "formats",
                recording.formats().stream().map(PlaybackFormat::type).toList(),
                "metadata",
                recording.metadata(),
                "tracks",
                recording.tracks().stream().map(TextTrack::file).toList());
    }

    private Map<String, Object> add(JsonNode body) {
        String meetingId = body.path("meetingId").asString("");
        if (meetingId.isEmpty()) {
            throw new IllegalArgumentException("write {\"meetingId\": \"room-1\"}");
        }
        var length = Duration.ofMinutes(body.path("minutes").asInt(60));
        var start = start(body.path("start").asString(""), length);
        var recording =
                Recording.of(meetingId, start)
                        .ended(start.plus(length))
                        .named(body.path("name").asString(meetingId))
                        .withParticipants(body.path("participants").asInt(1))
                        .in(state(body.path("state").asString("published")));
        if (body.has("recordId")) {
            recording = recording.withId(body.path("recordId").asString());
        }
        var formats =
                body.path("formats")
                        .valueStream()
                        .map(type -> PlaybackFormat.of(type.asString()).withLength(length))
                        .toList();
        if (!formats.isEmpty()) {
            recording = recording.withFormats(formats);
        }
        for (var entry : body.path("metadata").properties()) {
            String key = entry.getKey().toLowerCase(Locale.ROOT);
            recording = recording.with(key, entry.getValue().asString());
        }
        for (var track : body.path("tracks")) {
            recording =
                    recording.with(
                            TextTrack.live(
                                    track.path("lang").asString("en"),
                                    track.path("label").asString("English")));
        }
        control.addRecording(recording);
        return describe(recording);
    }

    private Instant start(String text, Duration length) {
        try {
            return text.isEmpty()
                    ? Instant.ofEpochMilli(clock.millis()).minus(length)
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("start is a time such as 2026-03-03T14:05:09Z", e);
        }
    }

    private static Recording.State state(String word) {
        return Recording.State.named(word)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "state is one of "
                                        + Arrays.stream(Recording.State.values())
                                                .map(Recording.State::text)
                                                .toList()));
    }
}
