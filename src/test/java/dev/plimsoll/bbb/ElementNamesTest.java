// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class ElementNamesTest {

    @Test
    void whatIsLegalStays() {
        String document = "<a><bbb-origin>x &lt;1y&gt;</bbb-origin><b_c/>\n<d e=\"1\"/></a>";
        assertThat(ElementNames.repair(document)).isSameAs(document);
    }

    @Test
    void aNameThatBeginsWithADigitGetsAnUnderscore() {
        assertThat(ElementNames.repair("<a><1x>v</1x></a>")).isEqualTo("<a><_1x>v</_1x></a>");
    }

    @Test
    void whatMustNotStandInANameIsReplaced() {
        assertThat(ElementNames.repair("<a><x$y:z/></a>")).isEqualTo("<a><x_y_z/></a>");
    }

    @Test
    void onePersonsParameterDoesNotMakeAServersListUnreadable() {
        String list =
                "<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>m</meetingID>"
                        + "<attendees><attendee><customdata><1x>v</1x></customdata></attendee></attendees>"
                        + "</meeting></meetings></response>";
        assertThat(MeetingsReply.read(list.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        MeetingsReply.Meetings.class,
                        meetings ->
                                assertThat(meetings.list().getFirst().xml())
                                        .contains("<_1x>v</_1x>"));
    }

    @Test
    void noGarbageBreaksIt() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append("<>/ !?a1$\n&;".charAt(random.nextInt(12)));
            }
            assertThatCode(() -> ElementNames.repair(text.toString())).doesNotThrowAnyException();
        }
    }
}
