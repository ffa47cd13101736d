// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the scripts behind a server tell the world after a meeting: that a recording is ready, and who took part.
/// BBB: neither is ever tried again. Thread-safe; nothing here blocks.
final class LateCallbacks implements MeetingWatcher {

    // BBB: the first of these that is there
    private static final List<String> READY_KEYS =
            List.of(
                    "bbb-recording-ready-url",
                    "bn-recording-ready-url",
                    "canvas-recording-ready-url");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BEARER_LIVES = Duration.ofHours(24);

    private final Meetings meetings;
    private final RecordingSettings settings;
    private final Secret secret;

    LateCallbacks(Meetings meetings, RecordingSettings settings, Secret secret) {
        this.meetings = meetings;
        this.settings = settings;
        this.secret = secret;
    }

    /// Tells that a recording is ready. BBB: once for each format, one after the other.
    void recordingReady(Recording recording) {
        var url =
                READY_KEYS.stream()
                        .flatMap(key -> Optional.ofNullable(recording.metadata().get(key)).stream())
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .flatMap(Outgoing::address);
        if (url.isPresent()) {
            String body = readyBody(recording, secret);
            send(recording.formats().stream().map(_ -> ready(url.get(), body)).toList());
        }
    }

    static String readyBody(Recording recording, Secret secret) {
        var payload =
                Answers.fields(
                        "meeting_id", recording.meetingId(), "record_id", recording.recordId());
        return Params.of("signed_parameters", Jwt.hs256(payload, secret)).query();
    }

    private static HttpRequest.Builder ready(URI url, String body) {
        return HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    @Override
    public void ended(Meeting meeting) {
        var url =
                Outgoing.address(
                        meeting.plan.metadata().getOrDefault("analytics-callback-url", ""));
        if (url.isEmpty() || !MeetingPlan.truth(meeting.plan.params(), "meetingKeepEvents")) {
            return;
        }
        long end = meetings.now();
        String body = Analytics.of(meeting, end);
        meetings.later(
                settings.processing().toMillis(),
                () -> {
                    long expires = (meetings.now() + BEARER_LIVES.toMillis()) / 1000;
                    String token = Jwt.hs512(Answers.fields("exp", expires), secret);
                    send(
                            List.of(
                                    HttpRequest.newBuilder(url.get())
                                            .header("Content-Type", "application/json")
                                            .header(
                                                    "User-Agent",
                                                    "BigBlueButton Analytics Callback")
                                            .header("Authorization", "Bearer " + token)
                                            .POST(BodyPublishers.ofString(body))));
                });
    }

    private static void send(List<HttpRequest.Builder> requests) {
        Thread.ofVirtual()
                .name("late-callback")
                .start(() -> requests.forEach(request -> Outgoing.succeeds(request, PATIENCE)));
    }
}
