// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static dev.plimsoll.testing.Check.everybody;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.simulator.PlaybackFormat;
import dev.plimsoll.simulator.Recording;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// §10.5: recordings and hooks.
final class RecordingChecks {

    private static final String V13 = "ab5af281c49af3cdd0a74b4ccb3efff7076ffe00";
    private static final String V14 = "a9911ee31a4dd7616e43e6361b67db86b3cabf27";
    private static final String V15 = "2cd6bc1b305b5e6d14646591179fede2f7d11f54";
    private static final String HOOK = "callbackURL=https%3A%2F%2Flms.example.org%2Fhook";
    private static final Instant START = Instant.ofEpochMilli(1_772_546_709_112L);
    private static final String ID = "e07cf1f6a89ba5bcf16c9849f7808806c16acbbe-1772546709112";
    private static final String BY_ID = "recordID=" + ID;

    private RecordingChecks() {}

    static List<Check> checks() {
        return List.of(
                everybody(70, "no recordings is a success", RecordingChecks::none),
                everybody(71, "a recording is found by its ids", RecordingChecks::found),
                everybody(72, "a recording is hidden", RecordingChecks::hidden),
                everybody(73, "publishing needs its parameters", RecordingChecks::publishWrongly),
                everybody(74, "metadata is set and removed", RecordingChecks::updated),
                everybody(75, "a recording is deleted once", RecordingChecks::deleted),
                everybody(76, "recordings are signed for", RecordingChecks::unsigned),
                everybody(77, "a hook is made, listed and destroyed", RecordingChecks::hook));
    }

    private static void add(Stage stage) {
        stage.addRecording(
                Recording.of("alg-1", START)
                        .named("Algebra 1")
                        .withFormats(
                                PlaybackFormat.of("presentation")
                                        .withLength(Duration.ofMillis(3_659_999)),
                                PlaybackFormat.of("video")));
    }

    private static List<Element> list(Stage stage, String query) {
        var answer = stage.target().get("getRecordings", query);
        Expect.success(answer);
        return answer.xml().child("recordings").map(Element::children).orElse(List.of());
    }

    private static void expectNone(Target.Answer answer) {
        Expect.success(answer);
        assertThat(answer.xml().child("recordings").orElseThrow().children()).isEmpty();
        assertThat(answer.text("messageKey")).isEqualTo("noRecordings");
        assertThat(answer.text("message")).isEqualTo("There are no recordings for the meeting(s).");
    }

    private static void none(Stage stage) {
        expectNone(stage.target().raw("getRecordings", "checksum=" + V13));
    }

    private static void found(Stage stage) {
        add(stage);
        var queries = List.of("meetingID=alg-1", BY_ID, "recordID=" + ID.substring(0, 40));
        for (String query : queries) {
            var recordings = list(stage, query);
            assertThat(recordings).as(query).hasSize(1);
            var recording = recordings.getFirst();
            assertThat(recording.textOf("recordID")).isEqualTo(ID);
            assertThat(recording.textOf("meetingID")).isEqualTo("alg-1");
            var formats = recording.child("playback").orElseThrow().children();
            assertThat(formats)
                    .extracting(format -> format.textOf("type"))
                    .containsExactlyInAnyOrder("presentation", "video");
            assertThat(formats).extracting(format -> format.textOf("length")).containsOnly("60");
        }
    }

    private static void hidden(Stage stage) {
        add(stage);
        for (String word : List.of("false", "FALSE")) {
            var answer =
                    stage.target().get("publishRecordings", BY_ID + ",unknown&publish=" + word);
            Expect.success(answer);
            assertThat(answer.text("published")).isEqualTo(word);
        }
        var recording = list(stage, "").getFirst();
        assertThat(recording.textOf("published")).isEqualTo("false");
        assertThat(recording.textOf("state")).isEqualTo("unpublished");
    }

    private static void publishWrongly(Stage stage) {
        var target = stage.target();
        Expect.failed(
                target.get("publishRecordings", "publish=true"),
                "missingParamRecordID",
                "You must specify a recordID.");
        Expect.failed(
                target.get("publishRecordings", BY_ID),
                "missingParamPublish",
                "You must specify a publish value true or false.");
        Expect.sample(
                target.get("publishRecordings", "recordID=unknown&publish=true"),
                "27-recordings-not-found.xml");
    }

    private static void updated(Stage stage) {
        add(stage);
        update(stage, "meta_Topic=Sets");
        assertThat(metadata(stage).textOf("topic")).isEqualTo("Sets");
        update(stage, "meta_topic=");
        assertThat(metadata(stage).child("topic")).isEmpty();
    }

    private static void update(Stage stage, String change) {
        var answer = stage.target().get("updateRecordings", BY_ID + "&" + change);
        Expect.success(answer);
        assertThat(answer.text("updated")).isEqualTo("true");
    }

    private static Element metadata(Stage stage) {
        return list(stage, BY_ID).getFirst().child("metadata").orElseThrow();
    }

    private static void deleted(Stage stage) {
        add(stage);
        var first = stage.target().get("deleteRecordings", BY_ID);
        Expect.success(first);
        assertThat(first.text("deleted")).isEqualTo("true");
        Expect.failed(stage.target().get("deleteRecordings", BY_ID), "notFound");
        expectNone(stage.target().get("getRecordings", ""));
        assertThat(list(stage, "state=deleted"))
                .extracting(recording -> recording.textOf("state"))
                .containsExactly("deleted");
    }

    private static void unsigned(Stage stage) {
        Expect.failed(
                stage.target().raw("getRecordings", "checksum=" + "0".repeat(40)),
                "checksumError",
                "You did not pass the checksum security check");
    }

    private static void hook(Stage stage) {
        var target = stage.target();
        var created = target.raw("hooks/create", HOOK + "&checksum=" + V14);
        String id = created.text("hookID");
        assertThat(created.body())
                .isEqualTo(
                        "<response><returncode>SUCCESS</returncode><hookID>%s</hookID><permanentHook>false</permanentHook><rawData>false</rawData></response>"
                                .formatted(id));
        assertThat(created.header("Content-Type")).startsWith("text/xml");
        assertThat(target.raw("hooks/create", HOOK + "&checksum=" + V14).body())
                .isEqualTo(
                        "<response><returncode>SUCCESS</returncode><hookID>%s</hookID><messageKey>duplicateWarning</messageKey><message>There is already a hook for this callback URL.</message></response>"
                                .formatted(id));
        assertThat(target.raw("hooks/list", "checksum=" + V15).body())
                .isEqualTo(
                        "<response><returncode>SUCCESS</returncode><hooks><hook><hookID>%s</hookID><callbackURL><![CDATA[https://lms.example.org/hook]]></callbackURL><permanentHook>false</permanentHook><rawData>false</rawData></hook></hooks></response>"
                                .formatted(id));
        assertThat(target.get("hooks/destroy", "hookID=" + id).body())
                .isEqualTo(Samples.text("37d-hooks-destroy.xml"));
        var again = target.get("hooks/destroy", "hookID=" + id);
        assertThat(again.text("messageKey")).isEqualTo("destroyMissingHook");
        assertThat(again.text("message")).isEqualTo("The hook informed was not found.");
    }
}
