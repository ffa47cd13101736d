// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

/// §0.4 of the reference.
class SimulatorViolationsTest {

    @ParameterizedTest
    @CsvSource({
        "meetingForciblyEnded invalidMeetingIdentifier invalidPassword, meetingForciblyEnded",
        "meetingForciblyEnded invalidMeetingIdentifier invalidPassword missingParamFullName, missingParamFullName",
        "meetingForciblyEnded invalidMeetingIdentifier invalidPassword sizeError, meetingForciblyEnded",
        "meetingForciblyEnded invalidMeetingIdentifier invalidPassword validationError, meetingForciblyEnded",
        "notFound sizeError, notFound",
        "notFound validationError, notFound",
        "notFound nullError, notFound",
        "notFound missingParamMeetingID, notFound",
        "sizeError missingParamMeetingID, sizeError",
        "sizeError missingParamMeetingID validationError, sizeError",
        "sizeError validationError, sizeError",
        "emptyError sizeError, emptyError",
        "nullError sizeError, sizeError",
        "nullError validationError, nullError",
        "nullError invalidPassword, invalidPassword",
        "sizeError invalidPassword, invalidPassword",
        "validationError invalidPassword, invalidPassword",
        "unsupportedContentType nullError sizeError validationError notFound, unsupportedContentType",
        "missingToken missingSession, missingToken",
    })
    void of_several_violations_the_one_is_told_that_a_server_tells(String violated, String told) {
        var violations = new Violations();
        Arrays.stream(violated.split(" ")).forEach(key -> violations.add(key, "text"));

        assertThat(violations.first().orElseThrow().key()).isEqualTo(told);
    }
}
