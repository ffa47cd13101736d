// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.simulator.HookSnapshot;
import dev.plimsoll.testing.Alone;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Heap;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Many events at once, from servers that tell at the same time to receivers of all sorts.
@Alone
@Timeout(120)
final class HooksLoadTest {

    private static final int SERVERS = 4;
    private static final int MEETINGS = 200;
    private static final int EVENTS = 26;
    private static final int ALL = MEETINGS * EVENTS;
    private static final List<Integer> IN_ORDER = IntStream.range(0, EVENTS).boxed().toList();
    private static final List<Integer> EVERY_OTHER =
            IN_ORDER.stream().filter(number -> number % 2 == 0).toList();

    /// At once, of each server: it tells each hook of ours one after the other, and may have several.
    private static final int TELLING = 4;

    private final HttpClient http = HttpClient.newHttpClient();

    /// A receiver that notes which events it took, and how often it was told in vain.
    private static final class Ear implements AutoCloseable {

        final Map<String, List<Integer>> taken = new ConcurrentHashMap<>();
        final AtomicInteger told = new AtomicInteger();
        final AtomicInteger count = new AtomicInteger();
        private final HttpServer http;
        private final int failsEach;
        private final long delayMicros;

        Ear(int failsEach, long delayMicros) throws IOException {
            this.failsEach = failsEach;
            this.delayMicros = delayMicros;
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/", this::answer);
            http.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            LockSupport.parkNanos(delayMicros * 1000);
            boolean takes = failsEach == 0 || told.incrementAndGet() % failsEach != 0;
            if (takes) {
                var data =
                        JsonMapper.shared()
                                .readTree(Params.parse(form).get("event", ""))
                                .path(0)
                                .path("data");
                var meeting = data.path("attributes").path("meeting");
                taken.computeIfAbsent(
                                meeting.path("external-meeting-id").asString(),
                                _ -> new ArrayList<>())
                        .add(data.path("event").path("ts").asInt());
                count.incrementAndGet();
            }
            exchange.sendResponseHeaders(takes ? 200 : 500, -1);
            exchange.close();
        }

        String url() {
            return "http://127.0.0.1:" + http.getAddress().getPort();
        }

        void expectOnceInOrder(List<Integer> expected) {
            assertThat(taken).hasSize(MEETINGS);
            taken.forEach((meeting, events) -> assertThat(events).as(meeting).isEqualTo(expected));
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    @Test
    void everyReceiverHearsEverythingOnceAndInOrderWhateverTheOthersDo() throws Exception {
        try (var cluster = Cluster.of(SERVERS).start();
                var quick = new Ear(0, 0);
                var slow = new Ear(0, 500);
                var shaky = new Ear(500, 0);
                var hanging = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var ears = List.of(quick, slow, shaky);
            hook(cluster, quick.url(), "");
            hook(cluster, slow.url(), "user-left");
            hook(cluster, shaky.url(), "user-left");
            hook(cluster, "http://127.0.0.1:" + hanging.getLocalPort(), "");
            Together.until(
                    "the hooks are registered",
                    () ->
                            cluster.servers().stream()
                                    .allMatch(server -> server.control().hooks().size() == 1));
            var heap = new Heap();
            long start = System.nanoTime();
            Together.all(SERVERS * TELLING, i -> tellAll(cluster, i));
            await(ears, cluster);
            quick.expectOnceInOrder(IN_ORDER);
            slow.expectOnceInOrder(EVERY_OTHER);
            shaky.expectOnceInOrder(EVERY_OTHER);
            heap.expectGrowthBelow(30);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(40));
        }
    }

    private static void await(List<Ear> ears, Cluster cluster) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (ears.stream().mapToInt(ear -> ear.count.get()).sum() < 2 * ALL) {
            assertThat(System.nanoTime())
                    .as("heard: %s", ears.stream().map(ear -> ear.count.get()).toList())
                    .isLessThan(end);
            cluster.clock().advance(Duration.ofMillis(50)); // for those who are told again
            LockSupport.parkNanos(20_000_000);
        }
    }

    /// What one hook's queue of one server tells: its share of the meetings, mixed, in order for each.
    private int tellAll(Cluster cluster, int teller) {
        int server = teller % SERVERS;
        String url = address(cluster, server);
        for (int event = 0; event < EVENTS; event++) {
            for (int meeting = teller; meeting < MEETINGS; meeting += SERVERS * TELLING) {
                tell(cluster, server, url, "room-" + meeting, event);
            }
        }
        return 0;
    }

    private void tell(Cluster cluster, int server, String url, String room, int number) {
        String json =
                """
                [{"data":{"type":"event","id":"%s","attributes":{"meeting":{"internal-meeting-id":"i-%s",\
                "external-meeting-id":"%s"},"user":{"name":"Ada"}},"event":{"ts":%d}}}]\
                """
                        .formatted(
                                number % 2 == 0 ? "user-left" : "user-joined", room, room, number);
        String form = Params.of("domain", "bbb", "event", json, "timestamp", "1").query();
        String checksum = Checksum.of(Algorithm.SHA1, url, form, cluster.server(server).secret());
        var request =
                HttpRequest.newBuilder(URI.create(url + "?checksum=" + checksum))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build();
        try {
            assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String address(Cluster cluster, int server) {
        return cluster.server(server).control().hooks().stream()
                .map(HookSnapshot::callbackUrl)
                .findFirst()
                .orElseThrow();
    }

    private static void hook(Cluster cluster, String url, String events) {
        var reply = cluster.api().call("hooks/create", "callbackURL", url, "eventID", events);
        assertThat(reply.succeeded()).as(reply.body()).isTrue();
    }
}
