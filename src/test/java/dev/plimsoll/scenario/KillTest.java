// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `kill -9` of the real program at random moments, under load.
@Timeout(120)
final class KillTest {

    private static final int ROUNDS = 4;
    private static final int WORKERS = 8;
    private static final Map<String, String> SETTINGS =
            Map.of("PLIMSOLL_POLL_INTERVAL", "1h", "PLIMSOLL_LOG_LEVEL", "error");

    /// What a frontend knows of its meeting. `Unsure` is one whose last call was not answered.
    private sealed interface Known {
        record Runs(String internalId) implements Known {}

        record Ended() implements Known {}

        record Unsure() implements Known {}
    }

    @TempDir private Path directory = Path.of("");

    private final List<SimulatedServer> servers = new ArrayList<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    @BeforeEach
    void startServers() {
        for (int i = 0; i < 4; i++) {
            servers.add(
                    SimulatedServer.start(
                            SimulatorSettings.standard(new Secret("s" + i)),
                            Clock.systemUTC(),
                            new Random(i)));
        }
    }

    @AfterEach
    void stopServers() {
        servers.forEach(SimulatedServer::close);
    }

    @Test
    void whateverTheMomentOfAKillNoConfirmedMeetingIsLostAndNoneDoubled() throws Exception {
        var random = new Random(42);
        var data = directory.resolve("data");
        var program = ServeProcess.start(data, SETTINGS);
        try {
            program.add(servers);
            for (int round = 0; round < ROUNDS; round++) {
                servers.get(random.nextInt(4))
                        .faults()
                        .add(FaultRule.parse("create=lose-answer*1"));
                servers.forEach(s -> s.faults().add(FaultRule.parse("create=delay:10ms")));
                runLoadAndKill(program, round, 100 + random.nextInt(500));
                servers.forEach(s -> s.faults().clear());
                program.close();
                program = ServeProcess.start(data, SETTINGS);
                check(program);
            }
        } finally {
            program.close();
        }
        assertThat(known.values().stream().filter(Known.Runs.class::isInstance).count())
                .as("meetings that the test is about")
                .isGreaterThan(ROUNDS * 10);
    }

    private void poll(ServeProcess program) {
        try (var admin = program.admin()) {
            for (int i = 0; i < servers.size(); i++) {
                admin.send(AdminRoutes.SERVERS_POLL, "bbb" + i, null, ServerView.class);
            }
        }
    }

    private void runLoadAndKill(ServeProcess program, int round, int afterMillis) throws Exception {
        var api = program.api();
        var running = new CountDownLatch(WORKERS);
        var load =
                Together.begin(() ->
                        Together.all(
                                WORKERS,
                                worker -> {
                                    running.countDown();
                                    work(api, round, worker);
                                    return worker;
                                }));
        running.await();
        // Not for luck: the moment is what varies.
        TimeUnit.MILLISECONDS.sleep(afterMillis);
        program.kill();
        Together.result(load);
    }

    /// Calls until the balancer is gone. Each worker has meetings of its own, so it knows how they stand.
    private void work(Frontend api, int round, int worker) {
        var random = new Random(round * 100L + worker);
        try {
            for (int i = 0; ; i++) {
                String id = "room-%d-%d-%d".formatted(round, worker, i);
                create(api, id);
                if (random.nextInt(3) == 0) {
                    known.put(id, new Known.Unsure());
                    if (api.end(id).succeeded()) {
                        known.put(id, new Known.Ended());
                    }
                    if (random.nextBoolean()) {
                        create(api, id);
                    }
                } else if (random.nextBoolean()) {
                    api.join(id);
                }
            }
        } catch (UncheckedIOException killed) {
            // what we wait for
        }
    }

    private void create(Frontend api, String id) {
        known.put(id, new Known.Unsure());
        var reply = api.create(id);
        if (reply.succeeded()) {
            known.put(id, new Known.Runs(reply.text("internalMeetingID")));
        }
    }

    private void check(ServeProcess program) {
        var api = program.api();
        known.forEach((id, state) -> {
            switch (state) {
                case Known.Runs(String internalId) -> {
                    assertThat(api.join(id).location()).as("join " + id).contains("/api/join?");
                    assertThat(api.info(id).text("internalMeetingID")).as(id).isEqualTo(internalId);
                }
                case Known.Ended() ->
                        assertThat(api.join(id).location()).as(id).contains("meetingForciblyEnded");
                case Known.Unsure() -> {}
            }
        });
        poll(program);
        poll(program);
        // What was in flight can be created again at once.
        known.replaceAll((id, state) -> state instanceof Known.Unsure ? again(api, id) : state);
        poll(program);
        poll(program);
        Together.until("the dying are gone", () -> doubled().isEmpty());
        known.forEach((id, state) -> {
            if (state instanceof Known.Runs(String internalId)) {
                assertThat(api.info(id).text("internalMeetingID")).as(id).isEqualTo(internalId);
            }
        });
        var listed = api.list().meetingIds();
        assertThat(listed).doesNotHaveDuplicates();
    }

    private static Known again(Frontend api, String id) {
        long start = System.nanoTime();
        var reply = api.create(id);
        assertThat(reply.succeeded()).as(id + reply.body()).isTrue();
        assertThat((System.nanoTime() - start) / 1e9).as("seconds to create again").isLessThan(5);
        return new Known.Runs(reply.text("internalMeetingID"));
    }

    /// Meetings that run on more than one server.
    private List<String> doubled() {
        return known.keySet().stream()
                .filter(id ->
                        servers.stream().filter(s -> s.control().meeting(id).isPresent()).count()
                                > 1)
                .toList();
    }

    @Test
    void onTerminationRunningCreatesFinish() {
        try (var program = ServeProcess.start(directory.resolve("data"), SETTINGS)) {
            program.add(servers);
            var api = program.api();
            servers.forEach(s -> s.faults().add(FaultRule.parse("create=delay:700ms")));
            var creates = Together.begin(() -> Together.all(6, i -> api.create("room-" + i)));
            Together.until(
                    "all are under way",
                    () -> servers.stream().mapToLong(s -> s.control().calls("create")).sum() == 6);
            program.terminate();
            assertThat(Together.result(creates)).allMatch(Frontend.Reply::succeeded);
            assertThat(program.exitCode()).isZero();
        }
    }
}
