// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Two real programs that share a real PostgreSQL, when all is well; else see [Soak].
@Timeout(180)
final class TwoInstancesTest {

    @TempDir private Path directory = Path.of("");
    private Pair pair;

    @BeforeEach
    void start() {
        pair = new Pair(directory, _ -> TestDatabase.url(directory));
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void twoHundredCreatesOverBothGiveOneMeetingAndEqualAnswers() {
        var replies = Together.all(200, i -> pair.api(i % 2).create("room"));
        assertThat(replies).allMatch(Frontend.Reply::succeeded);
        assertThat(replies.stream().map(reply -> reply.text("internalMeetingID")).distinct())
                .hasSize(1);
        assertThat(pair.running("room")).hasSize(1);
    }

    @Test
    void whatOneOpensEndsOrMovesTheOtherKnowsAtOnce() {
        for (int i = 0; i < 20; i++) {
            String id = "room-" + i;
            String internal = pair.api(i % 2).create(id).text("internalMeetingID");
            assertThat(pair.api(1 - i % 2).info(id).text("internalMeetingID")).isEqualTo(internal);
            assertThat(pair.api(1 - i % 2).join(id).location()).contains("/api/join?");
            assertThat(pair.api(i % 2).call("move", "meetingID", id).succeeded()).isTrue();
            var one = pair.api(i % 2);
            var other = pair.api(1 - i % 2);
            String moved = one.info(id).text("internalMeetingID");
            Together.until(
                    "the other has heard of the move",
                    () -> other.info(id).text("internalMeetingID").equals(moved));
            assertThat(other.end(id).succeeded()).isTrue();
            Together.until(
                    "the first has heard of the end", () -> one.info(id).key().equals("notFound"));
        }
    }

    @Test
    void theyDivideThePolls() {
        pair.addServers(12); // of four, chance may give all to one
        Together.until("each polls some", Duration.ofSeconds(15), this::eachPolls, () -> "");
    }

    private boolean eachPolls() {
        return !polls(0).isEmpty() && !polls(1).isEmpty();
    }

    /// Which servers an instance polls, by its own metrics: those whose count grows.
    private Map<String, Double> polls(int instance) {
        var before = samples(instance);
        try {
            Thread.sleep(1500); // three polls of each; what grows meanwhile is the question
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        var after = samples(instance);
        after.entrySet()
                .removeIf(
                        entry -> entry.getValue().equals(before.getOrDefault(entry.getKey(), 0.0)));
        return after;
    }

    private Map<String, Double> samples(int instance) {
        var samples = new HashMap<String, Double>();
        pair.page(instance, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("plimsoll_polls_total{"))
                .filter(line -> line.contains("success"))
                .forEach(line -> {
                    int blank = line.lastIndexOf(' ');
                    samples.put(
                            line.substring(0, blank),
                            Double.parseDouble(line.substring(blank + 1)));
                });
        return samples;
    }
}
