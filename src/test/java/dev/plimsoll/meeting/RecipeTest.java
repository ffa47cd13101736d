// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

final class RecipeTest {

    @ParameterizedTest
    @CsvSource({
        "'', 480",
        "duration=0, 480",
        "duration=-3, 480",
        "duration=long, 480",
        "duration=600, 480",
        "duration=480, 480",
        "duration=30, 30"
    })
    void theShorterOfTheTwoDurationsHolds(String query, String sent) {
        var recipe = new Recipe(Params.parse("name=Room&" + query), Optional.empty());
        assertThat(recipe.within(Duration.ofHours(8)).params().get("duration", "")).isEqualTo(sent);
        assertThat(recipe.within(Duration.ZERO)).isEqualTo(recipe);
    }

    @ParameterizedTest
    @CsvSource({"500, 1", "60000, 1", "60001, 2", "90000, 2"})
    void minutesAreRoundedUp(long millis, String sent) {
        var recipe = new Recipe(Params.NONE, Optional.empty());
        assertThat(recipe.within(Duration.ofMillis(millis)).params().get("duration", ""))
                .isEqualTo(sent);
    }

    @Test
    void aPostedFormSaysNothingElse() {
        var form =
                new ServerCall.Body(
                        "application/x-www-form-urlencoded",
                        "name=Room&duration=600&meetingID=r".getBytes(StandardCharsets.UTF_8));
        var sent = new Recipe(Params.NONE, Optional.of(form)).within(Duration.ofHours(8));
        assertThat(sent.params().query()).isEqualTo("duration=480");
        assertThat(new String(sent.body().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("name=Room&meetingID=r");
    }
}
