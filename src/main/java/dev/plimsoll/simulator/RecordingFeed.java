// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns what happens to recordings into the events of bbb-webhooks. Under the lock of [Meetings].
final class RecordingFeed implements RecordingEvents {

    private static final List<String> STEPS_PER_FORMAT =
            List.of("process", "post-process", "publish", "post-publish");

    private final Meetings meetings;
    private final Webhooks webhooks;

    RecordingFeed(Meetings meetings, Webhooks webhooks) {
        this.meetings = meetings;
        this.webhooks = webhooks;
    }

    @Override
    public void moved(Recording recording) {
        String id =
                switch (recording.state()) {
                    case PUBLISHED -> "rap-published";
                    case UNPUBLISHED -> "rap-unpublished";
                    default -> "rap-deleted";
                };
        tell(id, recording, attributes(recording), RawMessages.moved(recording, meetings.now()));
    }

    /// Tells the steps that made a recording.
    void made(Recording recording) {
        step(recording, "archive", "");
        step(recording, "sanity", "");
        step(recording, "post-archive", "");
        for (var format : recording.formats()) {
            for (String name : STEPS_PER_FORMAT) {
                step(recording, name, format.type());
            }
        }
    }

    private void step(Recording recording, String name, String workflow) {
        if (webhooks.silent()) {
            return;
        }
        var attributes = attributes(recording);
        if (!workflow.isEmpty()) {
            attributes.put("workflow", workflow);
        }
        String started = "rap-" + name + "-started";
        tell(
                started,
                recording,
                attributes,
                RawMessages.step(recording, name + "_started", workflow, meetings.now()));
        var more = new LinkedHashMap<>(attributes);
        more.put("success", true);
        more.put("step-time", 1000);
        if (name.equals("publish")) {
            more.put("recording", about(recording, workflow));
        }
        String ended = "rap-" + name + "-ended";
        tell(
                ended,
                recording,
                more,
                RawMessages.step(recording, name + "_ended", workflow, meetings.now()));
    }

    private static Map<String, Object> about(Recording recording, String workflow) {
        var format =
                recording.formats().stream()
                        .filter(each -> each.type().equals(workflow))
                        .findFirst()
                        .orElseThrow();
        return Answers.fields(
                "name",
                recording.name(),
                "is-breakout",
                recording.breakout().isPresent(),
                "start-time",
                recording.start().toEpochMilli(),
                "end-time",
                recording.end().toEpochMilli(),
                "size",
                format.size(),
                "raw-size",
                recording.rawSize(),
                "metadata",
                recording.allMetadata(),
                "playback",
                Answers.fields(
                        "format",
                        format.type(),
                        "processing_time",
                        format.processing().toMillis(),
                        "duration",
                        format.length().toMillis(),
                        "size",
                        format.size()),
                "download",
                Map.of());
    }

    private void tell(
            String id,
            Recording recording,
            Map<String, Object> attributes,
            Map<String, Object> raw) {
        webhooks.tell(id, recording.meetingId(), attributes, raw, meetings.now());
    }

    private static Map<String, Object> attributes(Recording recording) {
        return Answers.fields(
                "meeting",
                Answers.fields(
                        "internal-meeting-id",
                        recording.recordId(),
                        "external-meeting-id",
                        recording.meetingId()),
                "record-id",
                recording.recordId());
    }
}
