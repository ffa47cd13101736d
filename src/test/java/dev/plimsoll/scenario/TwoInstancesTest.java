// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// Two real programs that share a real PostgreSQL.
@Timeout(180)
final class TwoInstancesTest {

    private static final int SERVERS = 4;
    private static final Secret SECRET = new Secret("shared by both");

    @TempDir private Path directory = Path.of("");
    private final List<SimulatedServer> servers = new ArrayList<>();
    private final List<ServeProcess> programs = new ArrayList<>();

    @BeforeEach
    void start() {
        for (int i = 0; i < SERVERS; i++) {
            servers.add(
                    SimulatedServer.start(
                            SimulatorSettings.standard(new Secret("s" + i)),
                            Clock.systemUTC(),
                            new Random(i)));
        }
        programs.add(launch("a"));
        programs.add(launch("b"));
        try (var admin = programs.getFirst().admin()) {
            for (int i = 0; i < SERVERS; i++) {
                admin.send(
                        AdminRoutes.SERVERS_ADD,
                        "",
                        new ServerWish(
                                "bbb" + i,
                                servers.get(i).api().toString(),
                                servers.get(i).secret().reveal(),
                                null,
                                null,
                                true),
                        ServerView.class);
            }
        }
        programs.forEach(this::awaitOnline);
    }

    @AfterEach
    void stop() {
        programs.forEach(ServeProcess::close);
        servers.forEach(SimulatedServer::close);
    }

    private ServeProcess launch(String name) {
        var settings = new HashMap<String, String>();
        settings.put("PLIMSOLL_SECRET", SECRET.reveal());
        settings.put("PLIMSOLL_LOG_LEVEL", "error");
        settings.put("PLIMSOLL_POLL_INTERVAL", "500ms");
        settings.put("PLIMSOLL_POLL_HEARTBEAT", "500ms");
        settings.put("PLIMSOLL_DATABASE_URL", TestDatabase.url(directory));
        return ServeProcess.start(directory.resolve(name), settings);
    }

    private void awaitOnline(ServeProcess program) {
        try (var admin = program.admin()) {
            Together.until(
                    "all servers are online",
                    Duration.ofSeconds(30),
                    () -> {
                        var all =
                                admin.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class);
                        return all.length == SERVERS
                                && List.of(all).stream()
                                        .allMatch(server -> server.health().equals("online"));
                    },
                    () -> "");
        }
    }

    private Frontend api(int instance) {
        return programs.get(instance).api(SECRET);
    }

    private long running(String id) {
        return servers.stream().filter(server -> server.control().meeting(id).isPresent()).count();
    }

    @Test
    void twoHundredCreatesOverBothGiveOneMeetingAndEqualAnswers() {
        var replies = Together.all(200, i -> api(i % 2).create("room"));
        assertThat(replies).allMatch(Frontend.Reply::succeeded);
        assertThat(replies.stream().map(reply -> reply.text("internalMeetingID")).distinct())
                .hasSize(1);
        assertThat(running("room")).isEqualTo(1);
    }

    @Test
    void whatOneOpensEndsOrMovesTheOtherKnowsAtOnce() {
        for (int i = 0; i < 20; i++) {
            String id = "room-" + i;
            String internal = api(i % 2).create(id).text("internalMeetingID");
            assertThat(api(1 - i % 2).info(id).text("internalMeetingID")).isEqualTo(internal);
            assertThat(api(1 - i % 2).join(id).location()).contains("/api/join?");
            assertThat(api(i % 2).call("move", "meetingID", id).succeeded()).isTrue();
            var one = api(i % 2);
            var other = api(1 - i % 2);
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
    void theyDivideThePollsAndOneTakesOverWhenTheOtherIsKilled() throws Exception {
        Together.until("each polls some", Duration.ofSeconds(15), this::eachPolls, () -> "");
        long before = servers.getFirst().control().calls("getMeetings");
        programs.get(1).kill();
        Together.until(
                "all servers are polled by the one that is left",
                Duration.ofSeconds(15),
                () -> {
                    var counts = polls(0);
                    return counts.size() == SERVERS;
                },
                () -> polls(0).toString());
        assertThat(servers.getFirst().control().calls("getMeetings")).isGreaterThan(before);
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
        var page =
                Target.send(HttpRequest.newBuilder(URI.create(api(instance).base() + "/metrics")));
        var samples = new HashMap<String, Double>();
        page.body()
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

    @Test
    void aKillUnderLoadLosesNothingAndTheOtherGoesOn() {
        var confirmed = new ConcurrentHashMap<String, String>();
        var failedAtOther = new ConcurrentHashMap<String, String>();
        var load =
                Together.begin(() ->
                        Together.all(
                                8,
                                worker -> {
                                    work(worker, confirmed, failedAtOther);
                                    return worker;
                                }));
        Together.until("there is load", () -> confirmed.size() > 30);
        programs.get(1).kill();
        Together.until("the load goes on", () -> confirmed.size() > 120);
        over = true;
        Together.result(load);
        assertThat(failedAtOther).isEmpty();
        confirmed.forEach((id, internal) -> {
            assertThat(api(0).info(id).text("internalMeetingID")).as(id).isEqualTo(internal);
            assertThat(running(id)).as(id).isEqualTo(1);
        });
        try (var admin = programs.getFirst().admin()) {
            assertThat(admin.send(AdminRoutes.MEETINGS_LIST, "", null, MeetingView[].class))
                    .hasSizeGreaterThanOrEqualTo(confirmed.size());
        }
    }

    private volatile boolean over;

    private void work(int worker, Map<String, String> confirmed, Map<String, String> failed) {
        int instance = worker % 2;
        for (int i = 0; !over && i < 1000; i++) {
            String id = "room-" + worker + "-" + i;
            try {
                var reply = api(instance).create(id);
                if (reply.succeeded()) {
                    confirmed.put(id, reply.text("internalMeetingID"));
                } else if (instance == 0) {
                    failed.put(id, reply.body());
                }
            } catch (UncheckedIOException killed) {
                if (instance == 0) {
                    failed.put(id, killed.toString());
                }
                return;
            }
        }
    }
}
