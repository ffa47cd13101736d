// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.MeetingsReply.Listed;
import dev.plimsoll.bbb.SeenMeeting;

import org.junit.jupiter.api.Test;

import java.util.List;

final class LastAnswerTest {

    private static final List<Listed> TWO = List.of(listed("maths", 3), listed("physics", 4));

    @Test
    void givesTheMeetingsBackWordForWord() {
        assertThat(LastAnswer.of(TWO).meetings()).isEqualTo(TWO);
    }

    @Test
    void isNotPackedAgainWhenNothingHasChanged() {
        var answer = LastAnswer.of(TWO);
        assertThat(answer.then(List.copyOf(TWO))).isSameAs(answer);
    }

    @Test
    void followsEachChange() {
        var answer = LastAnswer.of(TWO);
        for (var changed :
                List.of(
                        List.<Listed>of(),
                        TWO.subList(0, 1),
                        TWO.reversed(),
                        List.of(listed("maths", 4), listed("physics", 4)),
                        List.of(listed("maths", 4), listed("physics", 3)))) {
            var then = answer.then(changed);
            assertThat(then.sameAs(answer)).isFalse();
            assertThat(then.meetings()).isEqualTo(changed);
        }
    }

    @Test
    void knowsWhatItIsOnceItHasBeenHeardAgain() {
        var stored = new LastAnswer(LastAnswer.of(TWO).packed());
        var heard = stored.then(TWO);
        assertThat(heard.sameAs(stored)).isTrue();
        assertThat(heard.then(TWO)).isSameAs(heard);
    }

    private static Listed listed(String id, int users) {
        return new Listed(
                new SeenMeeting(id, id + "-1", 1, users, 0, 0, 0, false, ""),
                """
                <meeting>
                <meetingID>%s</meetingID>
                <internalMeetingID>%s-1</internalMeetingID>
                <createTime>1</createTime>
                <participantCount>%d</participantCount>
                </meeting>\
                """
                        .formatted(id, id, users));
    }
}
