// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.plimsoll.bbb.MeetingsReply.Listed;
import dev.plimsoll.bbb.MeetingsReply.Meetings;
import dev.plimsoll.bbb.MeetingsReply.Unusable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class MeetingsReplyTest {

    @Test
    void readsTheMeetingsOfARealAnswer() {
        assertThat(meetings(Samples.text("14-get-meetings.xml")).seen())
                .containsExactly(
                        new SeenMeeting(
                                "maths-101",
                                "a1f06dab0d53743b2f5aa07b46d981c678107ee3-1772546709112",
                                1772546709112L,
                                3,
                                1,
                                2,
                                1,
                                false,
                                ""),
                        new SeenMeeting(
                                "room-42",
                                "6fea8cf5c91f71a844862ead37a54d70198c664e-1772540001457",
                                1772540001457L,
                                0,
                                0,
                                0,
                                0,
                                false,
                                ""));
    }

    @Test
    void keepsEachMeetingWordForWord() {
        String answer = Samples.text("14-get-meetings.xml");
        var slices = meetings(answer).list().stream().map(Listed::xml).toList();
        assertThat(answer)
                .isEqualTo(
                        "<response>\n<returncode>SUCCESS</returncode>\n<meetings>\n"
                                + String.join("\n", slices)
                                + "\n</meetings>\n</response>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<meeting><meetingID>a</meetingID></meeting>",
                "<meeting ><meetingID>a</meetingID></meeting >",
                "<meeting x='1>2'>\r\n<meetingID>a</meetingID>\r\n<name>Zoë 😀 漢</name>\r\n</meeting>",
                "<meeting><!-- </meeting> --><meetingID>a</meetingID><![CDATA[</meeting>]]></meeting>",
                "<meeting><meetingID>a</meetingID><name>&lt;&amp;&#x1F600;&apos;</name></meeting>"
            })
    void keepsWordForWordWhateverItsSpelling(String meeting) {
        for (String before :
                List.of(
                        "",
                        "\uFEFF",
                        "<?xml version='1.0' encoding='UTF-8'?>\r\n",
                        "\uFEFF\n<!-- 😀 -->")) {
            String answer = before + answer("\r\n" + meeting + " <meeting/>\n" + meeting);
            assertThat(meetings(answer).list())
                    .extracting(Listed::xml)
                    .containsExactly(meeting, "<meeting/>", meeting);
        }
    }

    @Test
    void metadataMayBeCalledMeeting() {
        String meeting =
                """
                <meeting>
                <meetingID>a</meetingID>
                <metadata>
                <meeting>m</meeting>
                <meetings><meeting><meetingID>b</meetingID></meeting></meetings>
                <returncode>FAILED</returncode>
                <meetingid>x</meetingid>
                </metadata>
                </meeting>\
                """;
        assertThat(meetings(answer(meeting)).list())
                .singleElement()
                .satisfies(listed -> {
                    assertThat(listed.seen().meetingId()).isEqualTo("a");
                    assertThat(listed.xml()).isEqualTo(meeting);
                });
    }

    @Test
    void whatStandsElsewhereIsNoMeeting() {
        String odd =
                "<response><returncode>SUCCESS</returncode><other><meeting/></other><meeting/>"
                        + "<meetings><group><meeting/></group></meetings></response>";
        assertThat(meetings(odd).list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|7",
                "1,234|1234",
                "1.234|1234",
                "1 234|1234",
                "1\u202f234|1234",
                "1'234|1234",
                "''|0",
                "many|0",
                "999999999999999999999|1000000"
            })
    void readsNumbersInTheServersLocale(String written, int users) {
        String meeting =
                "<meeting><participantCount>%s</participantCount></meeting>".formatted(written);
        assertThat(meetings(answer(meeting)).seen().getFirst().users()).isEqualTo(users);
    }

    @Test
    void onlyABreakoutRoomHasAParent() {
        String breakout =
                "<meeting><parentMeetingID>p</parentMeetingID><isBreakout>true</isBreakout></meeting>";
        assertThat(meetings(answer(breakout)).seen().getFirst().parentId()).isEqualTo("p");
        assertThat(meetings(answer(breakout.replace("true", "false"))).seen().getFirst().parentId())
                .isEmpty();
    }

    @Test
    void noMeetingsAreAnAnswer() {
        assertThat(meetings(Samples.text("15-get-meetings-empty.xml")).list()).isEmpty();
    }

    @Test
    void aServerThatKnowsAnotherSecretSaysSo() {
        assertUnusable(Samples.text("06-checksum-error.xml"), "refuses our secret");
    }

    @Test
    void anyOtherRefusalIsNotAnEmptyList() {
        assertUnusable(
                "<response><returncode>FAILED</returncode><messageKey>oops</messageKey></response>",
                "refuses to list its meetings");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><body><h1>502 Bad Gateway</h1><hr></body></html>",
                "{}",
                "<!DOCTYPE x><response><returncode>SUCCESS</returncode></response>",
                "<response><returncode>SUCCESS</returncode><meetings>"
            })
    void whatIsNoXmlIsUnusable(String answer) {
        assertUnusable(answer, "answers something that is not XML");
    }

    @Test
    void xmlOfSomebodyElseIsUnusable() {
        assertUnusable("<html><body/></html>", "answers XML without a return code");
        assertUnusable("<response/>", "answers XML without a return code");
    }

    @Test
    void aTruncatedListIsUnusableWhereverItEnds() {
        String whole = Samples.text("14-get-meetings.xml");
        for (int length = 0; length < whole.length() - 1; length++) {
            assertThat(read(whole.substring(0, length))).isInstanceOf(Unusable.class);
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var slices = meetings(Samples.text("14-get-meetings.xml")).list();
        byte[] written = MeetingsReply.write(slices.stream().map(Listed::xml).toList());
        assertThat(MeetingsReply.read(written)).isEqualTo(new Meetings(slices));
        assertThat(written).isEqualTo(Samples.bytes("14-get-meetings.xml"));
    }

    @Test
    void tenThousandMeetingsAreReadInBoundedTime() {
        String sample = meetings(Samples.text("14-get-meetings.xml")).list().getFirst().xml();
        var many = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            many.add(sample.replace("maths-101", "room-" + i));
        }
        byte[] answer = MeetingsReply.write(many);
        var read =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(8), () -> (Meetings) MeetingsReply.read(answer));
        assertThat(read.list()).hasSize(10_000);
        assertThat(read.list().get(9_999).xml()).isEqualTo(many.get(9_999));
        assertThat(read.list().get(5_000).seen().meetingId()).isEqualTo("room-5000");
    }

    private static String answer(String meetings) {
        return "<response>\n<returncode>SUCCESS</returncode>\n<meetings>"
                + meetings
                + "</meetings></response>";
    }

    private static void assertUnusable(String answer, String reason) {
        assertThat(read(answer))
                .isInstanceOfSatisfying(
                        Unusable.class,
                        unusable -> assertThat(unusable.failure().reason()).isEqualTo(reason));
    }

    private static Meetings meetings(String answer) {
        return (Meetings) read(answer);
    }

    private static MeetingsReply read(String answer) {
        return MeetingsReply.read(answer.getBytes(StandardCharsets.UTF_8));
    }
}
