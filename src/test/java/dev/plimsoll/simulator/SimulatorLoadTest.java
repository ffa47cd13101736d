// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.BbbSettings;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

@Timeout(20)
class SimulatorLoadTest {

    private static final SimulatorSettings SETTINGS =
            SimulatorSettings.standard(new Secret("s3cret"));

    @Test
    void two_hundred_servers_run_in_one_process() throws Exception {
        var servers = new ArrayList<SimulatedServer>();
        int threads = Thread.activeCount();
        try {
            for (int i = 0; i < 200; i++) {
                servers.add(SimulatedServer.start(SETTINGS, Clock.systemUTC(), new Random(i)));
            }
            // Helidon needs two threads for each port, but none for a request
            assertThat(Thread.activeCount() - threads).isLessThan(500);
            inParallel(
                    servers.stream()
                            .<Callable<String>>map(server ->
                                    () ->
                                            new Target(server.api(), server.secret())
                                                    .get("create", "name=Room&meetingID=room")
                                                    .text("returncode"))
                            .toList(),
                    "SUCCESS");
            assertThat(servers).allMatch(server -> server.control().meetings().size() == 1);
        } finally {
            servers.forEach(SimulatedServer::close);
        }
    }

    @Test
    void one_server_answers_thousands_of_requests() throws Exception {
        // Java's own client sometimes closes a connection that it has just used, and asks once more
        // (seen with Java 25).
        try (var server = SimulatedServer.start(SETTINGS, Clock.systemUTC(), new Random(1));
                var client =
                        new BbbClient(
                                BbbSettings.read(Config.load(Optional.empty(), Map.of())),
                                new Metrics())) {
            var endpoint = Endpoint.of(server.api().toString(), server.secret());
            inParallel(
                    IntStream.range(0, 20)
                            .<Callable<String>>mapToObj(worker ->
                                    () -> {
                                        for (int i = 0; i < 200; i++) {
                                            String id = "room-" + worker + "-" + i % 10;
                                            var create = Params.of("name", "Room", "meetingID", id);
                                            ask(client, endpoint, "create", create);
                                            var named = Params.of("meetingID", id);
                                            ask(client, endpoint, "isMeetingRunning", named);
                                        }
                                        return "done";
                                    })
                            .toList(),
                    "done");
            assertThat(server.control().meetings()).hasSize(200);
            assertThat(server.control().calls("create")).isEqualTo(4000);
        }
    }

    private static void ask(BbbClient client, Endpoint endpoint, String call, Params params) {
        var asked = ServerCall.act(call, params, Optional.empty());
        assertThat(client.call(endpoint, asked, Duration.ofSeconds(10)))
                .isInstanceOf(ServerReply.Success.class);
    }

    private static <T> void inParallel(List<Callable<T>> tasks, T expected) throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var future : threads.invokeAll(tasks)) {
                assertThat(future.get()).isEqualTo(expected);
            }
        }
    }
}
