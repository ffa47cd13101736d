// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.Recording;
import dev.plimsoll.simulator.TextTrack;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend.Reply;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Recordings that lie on the servers which made them, seen as one library.
class RecordingsTest {

    private static final Instant MONDAY = Instant.parse("2026-03-02T09:00:00Z");

    @Test
    void theRecordingsOfAllServersAreOneListWithTheNewestFirst() {
        try (var cluster = Cluster.of(3).start()) {
            record(cluster, 6);
            assertThat(names(cluster.api().call("getRecordings")))
                    .containsExactly("room-5", "room-4", "room-3", "room-2", "room-1", "room-0");
        }
    }

    @Test
    void aPageIsCutFromTheWhole() {
        try (var cluster = Cluster.of(3).start()) {
            record(cluster, 7);
            var page = cluster.api().call("getRecordings", "offset", "2", "limit", "3");
            assertThat(names(page)).containsExactly("room-4", "room-3", "room-2");
            assertThat(page.xml().textOf("totalElements")).isEqualTo("7");
            assertThat(names(cluster.api().call("getRecordings", "offset", "2"))).hasSize(7);
            assertThat(names(cluster.api().call("getRecordings", "limit", "x"))).hasSize(7);
            assertThat(names(cluster.api().call("getRecordings", "limit", "5", "offset", "6")))
                    .containsExactly("room-0");
        }
    }

    @Test
    void filtersAreTheServersToApply() {
        try (var cluster = Cluster.of(2).start()) {
            record(cluster, 4);
            assertThat(names(cluster.api().call("getRecordings", "meetingID", "room-1,room-2")))
                    .containsExactly("room-2", "room-1");
            assertThat(cluster.api().call("getRecordings", "meetingID", "nope").key())
                    .isEqualTo("noRecordings");
        }
    }

    @Test
    void aSilentServerLeavesItsRecordingsOutAndTheOthersAreThere() {
        try (var cluster = Cluster.of(2).with("recordings.timeout", "300ms").start()) {
            record(cluster, 4);
            cluster.server(0).faults().add(FaultRule.parse("getRecordings=hang"));
            assertThat(names(cluster.api().call("getRecordings")))
                    .containsExactly("room-3", "room-1");
        }
    }

    @Test
    void aRecordingIsPublishedWhereItLies() {
        try (var cluster = Cluster.of(3).start()) {
            var ids = record(cluster, 3);
            cluster.api().call("getRecordings");
            var hidden =
                    cluster.api()
                            .call("publishRecordings", "recordID", ids.get(1), "publish", "FALSE");
            assertThat(hidden.xml().textOf("published")).isEqualTo("FALSE");
            assertThat(cluster.server(1).control().recording(ids.get(1)).orElseThrow().state())
                    .isEqualTo(Recording.State.UNPUBLISHED);
            assertThat(cluster.server(0).control().calls("publishRecordings")).isZero();
            assertThat(cluster.server(1).control().calls("publishRecordings")).isOne();
        }
    }

    @Test
    void withoutAHintAllServersAreAsked() {
        try (var cluster = Cluster.of(3).start()) {
            var ids = record(cluster, 3);
            var changed =
                    cluster.api()
                            .call("updateRecordings", "recordID", ids.get(2), "meta_topic", "Sets");
            assertThat(changed.xml().textOf("updated")).isEqualTo("true");
            assertThat(cluster.api().call("deleteRecordings", "recordID", ids.get(2)).succeeded())
                    .isTrue();
            assertThat(cluster.api().call("deleteRecordings", "recordID", "nope").key())
                    .isEqualTo("notFound");
        }
    }

    @Test
    void whatASilentServerMayHaveIsNotSaidToBeMissing() {
        try (var cluster = Cluster.of(2).with("recordings.timeout", "300ms").start()) {
            var ids = record(cluster, 1);
            cluster.server(0).faults().add(FaultRule.parse("publishRecordings=hang"));
            var reply =
                    cluster.api()
                            .call(
                                    "publishRecordings",
                                    "recordID",
                                    ids.getFirst(),
                                    "publish",
                                    "true");
            assertThat(reply.key()).isEqualTo("serverUnavailable");
        }
    }

    @Test
    void theErrorsAreThoseOfAServer() {
        try (var cluster = Cluster.of(2).start()) {
            assertThat(cluster.api().call("publishRecordings", "publish", "true").key())
                    .isEqualTo("missingParamRecordID");
            assertThat(cluster.api().call("publishRecordings", "recordID", "x").key())
                    .isEqualTo("missingParamPublish");
            assertThat(cluster.api().call("getRecordingTextTracks").key())
                    .isEqualTo("missingParamRecordID");
        }
    }

    @Test
    void textTracksComeFromTheServerThatHasTheRecording() {
        try (var cluster = Cluster.of(3).start()) {
            var recording =
                    Recording.of("room", MONDAY)
                            .with(
                                    new TextTrack(
                                            TextTrack.Kind.CAPTIONS,
                                            "de",
                                            "Deutsch",
                                            TextTrack.Source.LIVE,
                                            "WEBVTT"));
            cluster.server(2).control().addRecording(recording);
            var tracks =
                    cluster.api().call("getRecordingTextTracks", "recordID", recording.recordId());
            assertThat(tracks.body()).contains("\"SUCCESS\"", "\"Deutsch\"");
            assertThat(cluster.api().call("getRecordingTextTracks", "recordID", "nope").body())
                    .contains("noRecordings", "No recording found for nope");
        }
    }

    @Test
    void hintsSurviveARestart() {
        try (var cluster = Cluster.of(3).start()) {
            var ids = record(cluster, 3);
            cluster.api().call("getRecordings");
            cluster.restart();
            cluster.awaitOnline();
            cluster.api().call("publishRecordings", "recordID", ids.getFirst(), "publish", "true");
            assertThat(cluster.calls("publishRecordings")).isOne();
        }
    }

    /// Recordings of `room-0`, `room-1`, …, an hour apart, on one server after the other.
    private static List<String> record(Cluster cluster, int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var recording = Recording.of("room-" + i, MONDAY.plusSeconds(3600L * i));
            cluster.server(i % cluster.servers().size()).control().addRecording(recording);
            ids.add(recording.recordId());
        }
        return ids;
    }

    private static List<String> names(Reply reply) {
        return reply.xml().child("recordings").orElseThrow().children().stream()
                .map((Element recording) -> recording.textOf("meetingID"))
                .toList();
    }
}
