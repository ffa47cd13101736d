// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Samples;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Byte for byte as the samples.
class SimulatorRecordingXmlTest {

    private static final String PICTURES = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567-1772546711020";

    private final RecordingXml xml =
            new RecordingXml(new Address(Optional.of(URI.create("https://node1.bbb.example.com"))));

    static Recording maths() {
        return Recording.of("maths-101", Instant.ofEpochMilli(1_772_546_709_112L))
                .named("Maths 101")
                .ended(Instant.ofEpochMilli(1_772_550_313_433L))
                .withParticipants(23)
                .withRawSize(148_220_114)
                .with("bbb-origin", "ExampleLMS")
                .withFormats(
                        PlaybackFormat.of("presentation")
                                .withProcessing(Duration.ofMillis(412_310))
                                .withLength(Duration.ofMillis(3_600_120))
                                .withSize(31_884_907)
                                .withThumbnails(
                                        PICTURES, "Sets and maps", "Definition", "Exercise"),
                        PlaybackFormat.of("video")
                                .withProcessing(Duration.ofMillis(690_012))
                                .withLength(Duration.ofMillis(3_600_120))
                                .withSize(92_114_000));
    }

    static Recording room() {
        return Recording.of("room-42", Instant.ofEpochMilli(1_772_540_001_457L))
                .withId("6fea8cf5c91f71a844862ead37a54d70198c664e-1772540001457")
                .named("Room 42")
                .in(Recording.State.UNPUBLISHED)
                .ended(Instant.ofEpochMilli(1_772_541_261_457L))
                .withParticipants(4)
                .withRawSize(20_110_004)
                .withFormats(
                        PlaybackFormat.of("podcast")
                                .withProcessing(Duration.ofMillis(8_120))
                                .withLength(Duration.ofMinutes(21))
                                .withSize(4_410_220));
    }

    private static RecordingQuery query(long offset, int limit) {
        return new RecordingQuery(
                List.of(),
                Set.of(),
                Map.of(),
                limit == 0
                        ? Optional.empty()
                        : Optional.of(new RecordingQuery.Page(offset, limit)));
    }

    private String list(RecordingQuery query, Paging paging, long total, Recording... recordings) {
        return new String(
                xml.list(new RecordingQuery.Found(List.of(recordings), total), query, paging),
                StandardCharsets.UTF_8);
    }

    @Test
    void a_list_is_written_as_a_server_writes_it() {
        assertThat(list(query(0, 0), Paging.RECORDINGS, 2, maths(), room()))
                .isEqualTo(Samples.text("19-get-recordings.xml"));
    }

    @Test
    void an_empty_list_is_written_as_a_server_writes_it() {
        assertThat(list(query(0, 0), Paging.RECORDINGS, 0))
                .isEqualTo(Samples.text("20-get-recordings-none.xml"));
    }

    @Test
    void pages_are_written_as_their_release_writes_them() {
        assertThat(list(query(10, 1), Paging.DIRECTORIES, 37, room()))
                .isEqualTo(Samples.text("21-get-recordings-paged-2.6-3.0.15.xml"));
        assertThat(list(query(10, 1), Paging.RECORDINGS, 25, room()))
                .isEqualTo(Samples.text("22-get-recordings-paged-3.0.18.xml"));
    }

    @Test
    void a_forbidden_list_is_written_as_a_server_writes_it() {
        assertThat(new String(RecordingXml.fetchAllForbidden(), StandardCharsets.UTF_8))
                .isEqualTo(Samples.text("23-get-recordings-fetch-all-disabled.xml"));
    }

    @Test
    void rooms_and_statistics_have_elements_of_their_own() {
        var recording =
                room().madeInRoom(new Recording.Breakout("parent-1", 2, true))
                        .withRooms("r1", "r2")
                        .withFormats(PlaybackFormat.of("statistics"));
        assertThat(list(query(0, 0), Paging.RECORDINGS, 1, recording))
                .contains(
                        "<isBreakout>true</isBreakout>",
                        "<breakout><parentId>parent-1</parentId><sequence>2</sequence><freeJoin>true</freeJoin></breakout>",
                        "<breakoutRooms><breakoutRoom>r1</breakoutRoom><breakoutRoom>r2</breakoutRoom></breakoutRooms>",
                        "<playback></playback><data><format><type>statistics</type><url>");
    }

    @Test
    void marks_are_escaped_and_blanks_stay() {
        assertThat(list(query(0, 0), Paging.RECORDINGS, 1, room().named("A  <&>\" 'B'")))
                .contains("<name>A  &lt;&amp;&gt;&quot; 'B'</name>");
    }

    @Test
    void the_way_of_paging_follows_the_version() {
        assertThat(
                        List.of("2.4.5", "2.5", "2.6.0", "3.0.15", "3.0.18", "3.1.0-beta.2", "next")
                                .stream()
                                .map(Paging::of))
                .containsExactly(
                        Paging.NONE,
                        Paging.NONE,
                        Paging.DIRECTORIES,
                        Paging.DIRECTORIES,
                        Paging.RECORDINGS,
                        Paging.RECORDINGS,
                        Paging.RECORDINGS);
    }
}
