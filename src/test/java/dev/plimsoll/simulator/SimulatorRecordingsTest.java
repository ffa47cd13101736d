// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.Recording.State;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Random;

@Timeout(20)
class SimulatorRecordingsTest {

    private static final Instant DAY = Instant.parse("2026-03-03T08:00:00Z");
    private static final SimulatorSettings SETTINGS =
            SimulatorSettings.standard(new Secret("s3cret"));
    private static final String FORM = "application/x-www-form-urlencoded";

    private SimulatedServer server = start(SETTINGS);

    private static SimulatedServer start(SimulatorSettings settings) {
        return SimulatedServer.start(settings, TestClock.standing(), new Random(1));
    }

    private void restart(SimulatorSettings settings) {
        server.close();
        server = start(settings);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Target target() {
        return new Target(server.api(), server.secret());
    }

    private void add(Recording... recordings) {
        List.of(recordings).forEach(server.control()::addRecording);
    }

    private static Recording recording(String id) {
        return Recording.of("room-" + id, DAY).withId(id);
    }

    private List<Element> elements(String query) {
        return target().get("getRecordings", query).xml().child("recordings").stream()
                .flatMap(recordings -> recordings.children().stream())
                .toList();
    }

    private List<String> ids(String query) {
        return elements(query).stream()
                .map(recording -> recording.textOf("recordID"))
                .sorted()
                .toList();
    }

    private String state(String id) {
        return server.control().recording(id).orElseThrow().state().text();
    }

    @Test
    void every_run_of_a_meeting_is_found_by_its_id() {
        add(
                Recording.of("a", DAY),
                Recording.of("a", DAY.plusSeconds(9)),
                Recording.of("b", DAY),
                Recording.of("c", DAY));
        assertThat(elements("meetingID=a")).hasSize(2);
        assertThat(elements("meetingID=a,b,nope")).hasSize(3);
    }

    @Test
    void record_ids_are_prefixes_and_make_meeting_ids_void() {
        add(recording("aa-1"), recording("aa-2"), recording("bb-1"));
        assertThat(ids("recordID=aa")).containsExactly("aa-1", "aa-2");
        assertThat(ids("recordID=aa-2,bb")).containsExactly("aa-2", "bb-1");
        assertThat(ids("recordID=bb&meetingID=room-aa-1")).containsExactly("bb-1");
        assertThat(ids("recordID=&meetingID=nope")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | p u",
                "published | p",
                "unpublished,deleted | d u",
                "processing | i",
                "processed | r",
                "any | d i p r u",
                "nonsense | ''",
            })
    void states_choose(String states, String expected) {
        add(
                recording("p"),
                recording("u").in(State.UNPUBLISHED),
                recording("d").in(State.DELETED),
                recording("i").in(State.PROCESSING),
                recording("r").in(State.PROCESSED));
        assertThat(String.join(" ", ids("state=" + states))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "meta_topic=Sets | a",
                "meta_Topic=Sets | a",
                "meta_topic=sets | ''",
                "meta_topic=Set%25 | a b",
                "meta_topic=%25maps | b",
                "meta_topic=%25s%20and%25 | b",
                "meta_topic=%25 | a b",
                "meta_topic=%25&meta_year=2026 | b",
                "meta_absent=%25 | ''",
                "meta_9x=1 | a b c",
            })
    void metadata_filters_know_wildcards_at_the_ends(String filter, String expected) {
        add(
                recording("a").with("topic", "Sets"),
                recording("b").with("topic", "Sets and maps").with("year", "2026"),
                recording("c"));
        assertThat(String.join(" ", ids(filter))).isEqualTo(expected);
    }

    @Test
    void pages_count_recordings() {
        for (int i = 0; i < 7; i++) {
            add(
                    recording("r" + i)
                            .withFormats(
                                    PlaybackFormat.of("presentation"), PlaybackFormat.of("video")));
        }
        var first = target().get("getRecordings", "limit=3");
        assertThat(first.text("totalElements")).isEqualTo("7");
        assertThat(first.xml().child("pagination")).isEmpty();
        assertThat(elements("limit=3")).hasSize(3);
        assertThat(elements("limit=3&offset=6")).hasSize(1);
        var beyond = target().get("getRecordings", "limit=3&offset=70");
        assertThat(beyond.text("messageKey")).isEqualTo("noRecordings");
        assertThat(beyond.text("totalElements")).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource({"0,1", "-5,1", "3,3", "1000,7", "garbage,7", "'',7"})
    void odd_limits_are_made_fit(String limit, int listed) {
        for (int i = 0; i < 7; i++) {
            add(recording("r" + i));
        }
        assertThat(elements("limit=" + limit + "&offset=-3")).hasSize(listed);
    }

    @Test
    void without_a_limit_the_offset_does_not_count() {
        add(recording("a"), recording("b"));
        assertThat(elements("offset=1")).hasSize(2);
        assertThat(target().get("getRecordings", "offset=1").body())
                .doesNotContain("totalElements");
    }

    @Test
    void older_servers_page_by_directories() {
        restart(SETTINGS.withVersion("3.0.15"));
        add(
                recording("a")
                        .withFormats(PlaybackFormat.of("presentation"), PlaybackFormat.of("video")),
                recording("b")
                        .withFormats(
                                PlaybackFormat.of("presentation"), PlaybackFormat.of("video")));
        var page = target().get("getRecordings", "limit=3&offset=1");
        var paging = page.xml().child("pagination").orElseThrow();
        assertThat(paging.textOf("totalElements")).isEqualTo("4");
        assertThat(paging.child("pageable").orElseThrow().textOf("offset")).isEqualTo("1");
        assertThat(elements("limit=3&offset=1"))
                .extracting(
                        recording -> recording.child("playback").orElseThrow().children().size())
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void older_servers_list_formats_twice_for_an_id_given_twice() {
        add(recording("aa"));
        assertThat(formats("recordID=aa,a")).isEqualTo(1);
        restart(SETTINGS.withVersion("3.0.15"));
        add(recording("aa"));
        assertThat(formats("recordID=aa,a")).isEqualTo(2);
        restart(SETTINGS.withVersion("2.5.0"));
        add(recording("aa"), recording("ab"));
        assertThat(elements("limit=1")).hasSize(2);
    }

    private int formats(String query) {
        return elements(query).getFirst().child("playback").orElseThrow().children().size();
    }

    @Test
    void everything_may_be_forbidden() {
        restart(
                SETTINGS.withRecordings(
                        RecordingSettings.standard()
                                .withFetchAll(RecordingSettings.FetchAll.FORBIDDEN)));
        add(recording("a"));
        assertThat(target().get("getRecordings", "state=any").body())
                .isEqualTo(Samples.text("23-get-recordings-fetch-all-disabled.xml"));
        assertThat(elements("limit=5")).hasSize(1);
        assertThat(elements("recordID=a")).hasSize(1);
    }

    @Test
    void publishing_takes_whole_ids_and_echoes_its_word() {
        add(recording("aa"), recording("ab").in(State.DELETED));
        assertThat(target().get("publishRecordings", "recordID=a&publish=false").text("messageKey"))
                .isEqualTo("notFound");
        assertThat(target().get("publishRecordings", "recordID=ab&publish=true").text("messageKey"))
                .isEqualTo("notFound");
        assertThat(target().get("publishRecordings", "recordID=x,aa&publish=No%3C").body())
                .isEqualTo(
                        "<response><returncode>SUCCESS</returncode><published>No&lt;</published></response>");
        assertThat(state("aa")).isEqualTo("unpublished");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "1", "y", "Y"})
    void some_words_publish(String word) {
        add(recording("aa").in(State.UNPUBLISHED));
        target().get("publishRecordings", "recordID=aa&publish=" + word);
        assertThat(state("aa")).isEqualTo("published");
    }

    @Test
    void the_short_answers_are_those_of_a_server() {
        add(recording("aa"));
        assertThat(target().get("publishRecordings", "recordID=aa&publish=true").body())
                .isEqualTo(Samples.text("24-publish-recordings.xml"));
        assertThat(target().get("updateRecordings", "recordID=aa").body())
                .isEqualTo(Samples.text("26-update-recordings.xml"));
        var deleted = target().get("deleteRecordings", "recordID=aa");
        assertThat(deleted.body()).isEqualTo(Samples.text("25-delete-recordings.xml"));
        assertThat(deleted.header("Cache-Control")).isEmpty();
        var gone = target().get("deleteRecordings", "recordID=aa");
        assertThat(gone.body()).isEqualTo(Samples.text("27-recordings-not-found.xml"));
        assertThat(gone.header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void an_update_reaches_deleted_ones_and_prefixes_once_one_id_is_whole() {
        add(
                recording("aa"),
                recording("aab").in(State.DELETED),
                recording("aac").in(State.PROCESSED));
        assertThat(target().get("updateRecordings", "recordID=a&meta_x=1").text("messageKey"))
                .isEqualTo("notFound");
        target().get("updateRecordings", "recordID=aa&meta_X=1&meta_bad_key=2");
        assertThat(server.control().recording("aa").orElseThrow().metadata()).containsOnlyKeys("x");
        assertThat(server.control().recording("aab").orElseThrow().metadata())
                .containsEntry("x", "1");
        assertThat(server.control().recording("aac").orElseThrow().metadata()).isEmpty();
    }

    @Test
    void what_is_missing_is_told_before_a_wrong_checksum_but_after_a_missing_one() {
        assertThat(key("publishRecordings", "")).isEqualTo("checksumError");
        assertThat(key("publishRecordings", "checksum=0")).isEqualTo("missingParamRecordID");
        assertThat(key("publishRecordings", "recordID=a&checksum=0"))
                .isEqualTo("missingParamPublish");
        assertThat(key("publishRecordings", "recordID=a&publish=1&checksum=0"))
                .isEqualTo("checksumError");
        assertThat(key("deleteRecordings", "checksum=0")).isEqualTo("missingParamRecordID");
        assertThat(key("updateRecordings", "checksum=0")).isEqualTo("missingParamRecordID");
        assertThat(key("getRecordingTextTracks", "checksum=0")).isEqualTo("missingParamRecordID");
    }

    private String key(String call, String query) {
        var answer = target().raw(call, query);
        if (answer.text("messageKey").equals("checksumError")) {
            assertThat(answer.text("message"))
                    .isEqualTo("You did not pass the checksum security check");
        }
        return answer.text("messageKey");
    }

    @Test
    void some_of_these_calls_take_posts() {
        add(recording("aa").with("topic", "Sets"));
        assertThat(
                        target().post(
                                        "getRecordings",
                                        target().sign("getRecordings", ""),
                                        FORM,
                                        "recordID=x")
                                .text("messageKey"))
                .isEqualTo("noRecordings");
        assertThat(
                        target().post(
                                        "updateRecordings",
                                        target().sign("updateRecordings", ""),
                                        FORM,
                                        "recordID=aa&meta_topic=")
                                .text("updated"))
                .isEqualTo("true");
        assertThat(server.control().recording("aa").orElseThrow().metadata()).isEmpty();
        for (String call : List.of("publishRecordings", "deleteRecordings")) {
            var refused = target().post(call, "", FORM, "recordID=aa");
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        }
    }

    @Test
    void errors_come_in_json_for_those_who_like_that() {
        var answer =
                Target.send(
                        HttpRequest.newBuilder(
                                        target().uri("deleteRecordings", "checksum=0&recordID=a"))
                                .header("Accept", "application/json"));
        assertThat(answer.header("Content-Type"))
                .isEqualToIgnoringCase("application/json;charset=utf-8");
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {
                            "response": {
                                "returncode": "FAILED",
                                "messageKey": "checksumError",
                                "message": "You did not pass the checksum security check"
                            }
                        }\
                        """);
        assertThat(target().raw("end", "format=json&meetingID=nope").body())
                .startsWith("{\n    \"response\": {\n");
    }
}
