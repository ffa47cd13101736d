// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

final class XmlWritingTest {

    private static final String INTERNAL_ID =
            "a1f06dab0d53743b2f5aa07b46d981c678107ee3-1772546709112";

    @Test
    void writesACreatedMeetingAsBigBlueButtonDoes() {
        assertSame(
                "02-create-ok.xml",
                XmlWriting.success()
                        .leaf("meetingID", "maths-101")
                        .leaf("internalMeetingID", INTERNAL_ID)
                        .leaf("parentMeetingID", "bbb-none")
                        .leaf("attendeePW", "q7Xb2LmP")
                        .leaf("moderatorPW", "Zr8kT0aw")
                        .leaf("createTime", 1772546709112L)
                        .leaf("voiceBridge", 48213)
                        .leaf("dialNumber", "613-555-1234")
                        .leaf("createDate", "Tue Mar 03 14:05:09 UTC 2026")
                        .leaf("hasUserJoined", false)
                        .leaf("duration", 90)
                        .leaf("hasBeenForciblyEnded", false)
                        .leaf("messageKey", "")
                        .leaf("message", "")
                        .end());
    }

    @Test
    void writesErrorsAsBigBlueButtonDoes() {
        assertSame(
                "04-create-id-not-unique.xml",
                XmlWriting.failed(
                        "idNotUnique",
                        "A meeting already exists with that meeting ID. Please use a different meeting ID."));
        assertSame(
                "06-checksum-error.xml",
                XmlWriting.failed("checksumError", "Checksums do not match"));
    }

    @Test
    void writesAJoinAsBigBlueButtonDoes() {
        assertSame(
                "09-join-no-redirect.xml",
                XmlWriting.success()
                        .leaf("messageKey", "successfullyJoined")
                        .leaf("message", "You have joined successfully.")
                        .leaf("meeting_id", INTERNAL_ID)
                        .leaf("user_id", "w_k3v9x0tq7hzb")
                        .leaf("auth_token", "p1c8mz4ye6ra")
                        .leaf("session_token", "u7d2hq9wnb5s0kxj")
                        .leaf("guestStatus", "ALLOW")
                        .leaf(
                                "url",
                                "https://node1.bbb.example.com/html5client/?sessionToken=u7d2hq9wnb5s0kxj")
                        .end());
    }

    @ParameterizedTest
    @CsvSource({"11-get-meeting-info.xml", "14-get-meetings.xml", "02-create-ok.xml"})
    void writesBackWhatItReadByteByByte(String sample) throws Exception {
        var document = XmlReading.parse(Samples.bytes(sample), XmlLimits.ANSWER);
        var xml = XmlWriting.fragment();
        write(document, xml);
        assertThat(xml.text().stripTrailing()).isEqualTo(Samples.text(sample));
    }

    private static void write(Element element, XmlWriting xml) {
        if (element.children().isEmpty() && !element.text().equals("\n")) {
            xml.leaf(element.name(), element.text());
            return;
        }
        xml.open(element.name());
        element.children().forEach(child -> write(child, xml));
        xml.close(element.name());
    }

    @Test
    void writesAnEmptyListAsBigBlueButtonDoes() {
        assertSame("15-get-meetings-empty.xml", MeetingsReply.write(List.of()));
    }

    @Test
    void runsOfWhiteSpaceShrink() {
        assertWritten("A  B", "A B");
        assertWritten("A\tB", "A B");
        assertWritten("A \t B", "A B");
        assertWritten("A\nB", "A\nB");
        assertWritten("A \n\r\n  B", "A\nB");
        assertWritten("  A  ", " A ");
        assertWritten("  \n", "\n");
        assertWritten("A\u00a0 \u00a0B", "A\u00a0 \u00a0B");
    }

    private static void assertWritten(String text, String written) {
        assertThat(XmlWriting.fragment().leaf("a", text).text())
                .isEqualTo("<a>" + written + "</a>\n");
    }

    @Test
    void whatMeansSomethingInXmlIsEscapedApostrophesToo() {
        assertThat(XmlWriting.fragment().leaf("a", "<b c=\"d\">'e' & ]]></b>").text())
                .isEqualTo(
                        "<a>&lt;b c=&quot;d&quot;&gt;&apos;e&apos; &amp; ]]&gt;&lt;/b&gt;</a>\n");
    }

    @Test
    void noTextMakesMalformedXml() throws Exception {
        var all = new StringBuilder();
        for (int c = 0; c <= 0xffff; c++) {
            all.append((char) c).append('x');
        }
        assertThat(readBack(all.toString())).contains("\ue000x", "\uffffx".substring(1));
        var random = new Random(20261120);
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
            }
            assertThat(readBack(text.toString())).isNotNull();
        }
    }

    @Test
    void charactersBeyondTheBasicPlaneSurvive() throws Exception {
        assertThat(readBack("Zoë 😀 漢字 \u00a0")).isEqualTo("Zoë 😀 漢字 \u00a0");
        assertThat(readBack("half \ud83d of it")).isEqualTo("half ? of it");
        assertThat(readBack("a\u0000\u0008\u001b\ufffe\uffffb")).isEqualTo("ab");
    }

    private static String readBack(String text) throws MalformedXml {
        byte[] document = XmlWriting.success().leaf("text", text).end();
        return XmlReading.parse(document, XmlLimits.ANSWER).child("text").orElseThrow().text();
    }

    private static void assertSame(String sample, byte[] written) {
        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(Samples.text(sample));
        assertThat(written).isEqualTo(Samples.bytes(sample));
    }
}
