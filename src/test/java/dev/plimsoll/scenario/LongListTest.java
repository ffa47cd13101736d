// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A list of meetings that is longer than memory is refused, and nothing else suffers. The real program, with less than
/// half of its usual heap.
@Timeout(120)
final class LongListTest {

    private static final String SOME_KILOBYTES = "x".repeat(6_000);
    private static final int MANY = 1_200;
    private static final String HEAP = "48m";

    @TempDir private Path directory = Path.of("");

    @Test
    void aListThatDoesNotFitIsRefusedAndAllElseGoesOn() {
        var servers = servers(4);
        try (var program =
                ServeProcess.start(directory, Map.of("PLIMSOLL_POLL_INTERVAL", "1h"), HEAP)) {
            program.add(servers);
            var api = program.api();
            create(api, 0, 100, "meta_notes", SOME_KILOBYTES);
            assertThat(api.list().succeeded()).isTrue();
            assertThat(api.list().body()).hasSizeGreaterThan(100 * SOME_KILOBYTES.length());

            create(api, 100, MANY, "meta_notes", SOME_KILOBYTES);
            Together.all(
                    8,
                    i -> {
                        var refused = api.list();
                        assertThat(refused.key()).isEqualTo("serverUnavailable");
                        assertThat(refused.text("message"))
                                .contains("more meetings than can be listed");
                        return i;
                    });
            assertThat(api.info("room-" + (MANY - 1)).succeeded()).isTrue();
            assertThat(api.join("room-0").location()).contains("/join?");

            Together.all(
                    8,
                    i -> {
                        IntStream.range(100, MANY)
                                .filter(n -> n % 8 == i)
                                .forEach(n -> api.end("room-" + n));
                        return i;
                    });
            Together.until("the list fits again", () -> api.list().succeeded());
            assertThat(program.output())
                    .contains("PLIMSOLL_JAVA_OPTS")
                    .doesNotContain("OutOfMemoryError");
        } finally {
            servers.forEach(SimulatedServer::close);
        }
    }

    @Test
    void whereMoreMeetingsRunThanCouldFitNobodyIsAsked() {
        var settings = Map.of("PLIMSOLL_POLL_INTERVAL", "1h", "PLIMSOLL_API_LIST_TIMEOUT", "30s");
        var servers = servers(12);
        try (var program = ServeProcess.start(directory, settings, HEAP)) {
            program.add(servers);
            var api = program.api();
            create(api, 0, 9_000);
            servers.forEach(server -> server.faults().add(FaultRule.parse("getMeetings=hang")));
            long begun = System.nanoTime();
            assertThat(api.list().key()).isEqualTo("serverUnavailable");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(15));
        } finally {
            servers.forEach(SimulatedServer::close);
        }
    }

    private static List<SimulatedServer> servers(int count) {
        var settings = SimulatorSettings.standard(new Secret("s"));
        return IntStream.range(0, count)
                .mapToObj(i -> SimulatedServer.start(settings, Clock.systemUTC(), new Random(i)))
                .toList();
    }

    private static void create(Frontend api, int from, int to, String... more) {
        Together.all(
                8,
                i -> {
                    for (int n = from + i; n < to; n += 8) {
                        assertThat(api.create("room-" + n, more).succeeded()).isTrue();
                    }
                    return i;
                });
    }
}
