// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;

@Timeout(20)
class SimulatorTextTracksTest {

    private static final Pattern HREF = Pattern.compile("\"href\":\"([^\"]*)\"");

    private final TestClock clock = TestClock.standing();
    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("s3cret"))
                            .withPublicUrl(URI.create("https://node1.bbb.example.com"))
                            .withRecordings(
                                    RecordingSettings.standard()
                                            .withProcessing(Duration.ofSeconds(30))),
                    clock,
                    new Random(1));
    private final Target target = new Target(server.api(), server.secret());
    private final Recording maths = SimulatorRecordingXmlTest.maths();
    private final String id = maths.recordId();

    @AfterEach
    void close() {
        server.close();
    }

    private void add(TextTrack... tracks) {
        var recording = maths;
        for (var track : tracks) {
            recording = recording.with(track);
        }
        server.control().addRecording(recording);
    }

    private Target.Answer tracks() {
        return target.get("getRecordingTextTracks", "recordID=" + id);
    }

    private Target.Answer put(String params) {
        return putRaw(target.sign("putRecordingTextTrack", params), "WEBVTT\n\nHällo");
    }

    private Target.Answer putRaw(String query, String content) {
        String body =
                "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.vtt\"\r\n"
                        + "Content-Type: text/vtt\r\n\r\n"
                        + content
                        + "\r\n--xx--\r\n";
        return target.post(
                "putRecordingTextTrack", query, "multipart/form-data; boundary=xx", body);
    }

    @Test
    void tracks_are_listed_as_a_server_lists_them() {
        add(
                TextTrack.live("en-US", "English (live)"),
                new TextTrack(
                        TextTrack.Kind.SUBTITLES, "de", "Deutsch", TextTrack.Source.UPLOAD, "x"));
        var answer = tracks();
        assertThat(withoutTokens(answer.body()))
                .isEqualTo(withoutTokens(Samples.text("28-text-tracks.json")));
        assertThat(answer.header("Content-Type"))
                .isEqualToIgnoringCase("application/json;charset=utf-8");
    }

    private static String withoutTokens(String body) {
        return body.replaceAll("/textTrack/[A-Za-z0-9]{8}/", "/textTrack/TOKEN/");
    }

    @Test
    void no_tracks_is_a_failure() {
        add();
        assertThat(tracks().body()).isEqualTo(Samples.text("29-text-tracks-failed.json"));
        assertThat(target.get("getRecordingTextTracks", "recordID=nope").body())
                .isEqualTo(
                        "{\"response\":{\"returncode\":\"FAILED\",\"messageKey\":\"noRecordings\",\"message\":\"No recording found for nope\"}}");
    }

    @Test
    void an_address_is_good_once_and_for_an_hour() {
        add(TextTrack.live("en", "English"));
        var first = href();
        assertThat(get(first).body()).isEqualTo("WEBVTT\n");
        assertThat(get(first).status()).isEqualTo(403);
        var late = href();
        clock.advance(Duration.ofMinutes(61));
        assertThat(get(late).status()).isEqualTo(403);
        assertThat(get(href() + "x").status()).isEqualTo(403);
    }

    private String href() {
        var href = HREF.matcher(tracks().body());
        assertThat(href.find()).isTrue();
        return href.group(1);
    }

    private Target.Answer get(String href) {
        return Target.send(
                HttpRequest.newBuilder(server.api().resolve(URI.create(href).getPath())));
    }

    @Test
    void an_uploaded_track_is_listed_after_some_processing() {
        add();
        assertThat(put("recordID=" + id + "&kind=subtitles&lang=en_US&label=Mine").body())
                .isEqualTo(Samples.text("30-put-text-track.json"));
        assertThat(tracks().body()).contains("noCaptionsFound");
        clock.advance(Duration.ofSeconds(30));
        assertThat(tracks().body())
                .contains(
                        "\"kind\":\"subtitles\",\"label\":\"Mine\",\"lang\":\"en-US\",\"source\":\"upload\"");
        assertThat(get(href()).body()).isEqualTo("WEBVTT\n\nHällo");
    }

    @Test
    void a_track_replaces_one_of_its_kind_and_language() {
        add(TextTrack.live("de", "live"), TextTrack.live("en", "live"));
        put("recordID=" + id + "&kind=captions&lang=de");
        clock.advance(Duration.ofSeconds(30));
        var tracks = server.control().recording(id).orElseThrow().tracks();
        assertThat(tracks).extracting(TextTrack::label).containsExactlyInAnyOrder("live", "German");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "~",
            value = {
                "kind=captions&lang=en | paramError | Missing param recordID.",
                "recordID=nope | noRecordings | No recording was found for nope",
                "recordID=ID | paramError | Missing param kind.",
                "recordID=ID&kind=lyrics | invalidKind | Invalid kind parameter, expected='subtitles|captions' actual=lyrics",
                "recordID=ID&kind=captions | paramError | Missing param lang.",
                "recordID=ID&kind=captions&lang=en-US | invalidLang | Malformed lang param, received=en-US",
                "recordID=ID&kind=captions&lang=EN | invalidLang | Malformed lang param, received=EN",
            })
    void mistakes_are_told_one_after_the_other(String row) {
        String[] parts = row.split(" \\| ", 3);
        add();
        assertThat(put(parts[0].replace("ID=ID", "ID=" + id)).body())
                .isEqualTo(
                        """
                        {
                            "response": {
                                "returncode": "FAILED",
                                "messageKey": "%s",
                                "message": "%s"
                            }
                        }\
                        """
                                .formatted(parts[1], parts[2]));
    }

    @Test
    void a_checksum_is_missed_first_and_checked_before_the_recording() {
        assertThat(putRaw("", "x").body()).contains("Missing param checksum.");
        assertThat(putRaw("checksum=0", "x").body()).contains("Missing param recordID.");
        var wrong = putRaw("recordID=nope&checksum=0", "x");
        assertThat(wrong.text("messageKey")).isEqualTo("checksumError");
        assertThat(target.raw("putRecordingTextTrack", "recordID=nope").status()).isEqualTo(405);
    }

    @Test
    void an_empty_file_is_refused() {
        add();
        String query = "recordID=" + id + "&kind=captions&lang=en";
        assertThat(putRaw(target.sign("putRecordingTextTrack", query), "").body())
                .contains("empty_uploaded_text_track");
        assertThat(put(query + "&label=" + Params.encode("\"quoted\"")).body()).contains("SUCCESS");
        assertThat(put(query.replace("captions", "lyrics").replace("en", "de")).body())
                .isEqualTo(Samples.text("30b-put-text-track-bad-kind.json"));
    }
}
