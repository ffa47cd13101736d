// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Everything at once: many callers of few meetings, polls all the time, servers that fail in every way. Once they
/// are well again, the registry and the servers agree.
@Timeout(60)
final class TurmoilTest {

    private static final int SERVERS = 4;
    private static final int CALLERS = 10;
    private static final Duration TURMOIL = Duration.ofSeconds(3);

    private static final List<String> FAULTS =
            List.of(
                    "create=lose-answer*2",
                    "create=delay:700ms*2",
                    "create=garbage*1",
                    "create=drop*1",
                    "create=hang*1",
                    "end=lose-answer*1",
                    "getMeetings=delay:200ms*2",
                    "getMeetings=slowly:3000*2",
                    "getMeetings=garbage*1",
                    "getMeetingInfo=drop*1",
                    "lose-meetings");

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void afterTheTurmoilRegistryAndServersAgree(int seed) throws Exception {
        try (var cluster =
                Cluster.of(SERVERS)
                        .with("poll.interval", "100ms")
                        .with("poll.timeout", "1s")
                        .with("bbb.create-timeout", "500ms")
                        .with("create.budget", "2s")
                        .with("bbb.answer-timeout", "1s")
                        .with("api.list-timeout", "500ms")
                        .start()) {
            var over = new CountDownLatch(1);
            var created = new AtomicInteger();
            var api = cluster.api();
            var callers =
                    Together.begin(() ->
                            Together.all(
                                    CALLERS,
                                    i -> {
                                        call(api, new Random(seed * 1000L + i), over, created);
                                        return i;
                                    }));
            var random = new Random(seed);
            long end = System.nanoTime() + TURMOIL.toNanos();
            while (System.nanoTime() < end) {
                disturb(cluster, random);
                TimeUnit.MILLISECONDS.sleep(50 + random.nextInt(100));
            }
            over.countDown();
            Together.result(callers);
            assertThat(created.get()).as("creates that succeeded").isGreaterThan(50);
            assertAgreement(cluster);
        }
    }

    private static void call(
            Frontend api, Random random, CountDownLatch over, AtomicInteger created) {
        while (over.getCount() > 0) {
            String id = "room-" + random.nextInt(8);
            switch (random.nextInt(8)) {
                case 0 -> api.end(id);
                case 1 -> api.info(id);
                case 2 -> api.join(id);
                case 3 -> assertThat(api.list().meetingIds()).doesNotHaveDuplicates();
                default -> {
                    if (api.create(id).succeeded()) {
                        created.incrementAndGet();
                    }
                }
            }
        }
    }

    private static void disturb(Cluster cluster, Random random) {
        var server = cluster.server(random.nextInt(SERVERS));
        switch (random.nextInt(6)) {
            case 0 -> server.goDown();
            case 1, 2 -> {
                server.faults().clear();
                server.comeUp();
            }
            default ->
                    server.faults().add(FaultRule.parse(FAULTS.get(random.nextInt(FAULTS.size()))));
        }
    }

    private static void assertAgreement(Cluster cluster) {
        cluster.servers()
                .forEach(server -> {
                    server.faults().clear();
                    server.comeUp();
                });
        cluster.awaitOnline();
        for (int i = 0; i < 4; i++) {
            // Claims of nobody run out, and the dying die.
            cluster.clock().advance(Duration.ofSeconds(20));
            cluster.pollAll();
        }
        Together.until(
                "registry and servers agree",
                () -> {
                    cluster.pollAll();
                    return registered(cluster).equals(running(cluster));
                },
                () -> registered(cluster) + " is registered, but there run " + running(cluster));
        assertThat(cluster.sql("SELECT COUNT(*) FROM strays WHERE internal_id <> ''"))
                .isEqualTo("0");
        for (int i = 0; i < SERVERS; i++) {
            assertThat(cluster.health(i)).isEqualTo("online");
        }
        for (int i = 0; i < 8; i++) {
            assertThat(cluster.api().create("room-" + i).succeeded()).isTrue();
            assertThat(cluster.running("room-" + i)).hasSize(1);
        }
    }

    /// Internal id and server of each meeting, as the balancer believes.
    private static Map<String, String> registered(Cluster cluster) {
        var all = new TreeMap<String, String>();
        cluster.registered().stream()
                .filter(meeting -> !meeting.state().equals("lost")) // those run nowhere
                .forEach(meeting -> all.put(meeting.internalId(), meeting.server()));
        return all;
    }

    /// The same as the servers know it.
    private static Map<String, String> running(Cluster cluster) {
        var all = new TreeMap<String, String>();
        IntStream.range(0, SERVERS)
                .forEach(i ->
                        cluster.server(i)
                                .control()
                                .meetings()
                                .forEach(
                                        meeting -> all.put(meeting.internalId(), Cluster.name(i))));
        return all;
    }
}
