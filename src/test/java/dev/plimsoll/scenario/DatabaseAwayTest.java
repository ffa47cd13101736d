// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Alone;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend.Reply;
import dev.plimsoll.testing.OwnPostgres;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TcpProxy;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The database goes away under a running balancer, in all the ways in which databases do, and comes back.
/// Under load, and of two instances, it does in [Soak].
@Alone
@Timeout(300)
final class DatabaseAwayTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String MARK = "the-answer-to-this-is-lost";
    private static final OwnPostgres POSTGRES = OwnPostgres.start();

    private final TcpProxy proxy = TcpProxy.to(POSTGRES.port());
    private Cluster cluster;

    enum Outage {
        REFUSED,
        HALF_CLOSED,
        BLACK_HOLE,
        PAUSED,
        STOPPED,
    }

    @AfterAll
    static void stopPostgres() {
        POSTGRES.close();
    }

    @BeforeEach
    void start() {
        String name = "away" + NUMBER.incrementAndGet();
        POSTGRES.create(name);
        cluster =
                Cluster.of(3)
                        .with(
                                "database.url",
                                "postgresql://postgres@127.0.0.1:%d/%s"
                                        .formatted(proxy.port(), name))
                        .with("poll.interval", "500ms")
                        .with("poll.heartbeat", "500ms")
                        .start();
    }

    @AfterEach
    void stop() {
        POSTGRES.goOn();
        proxy.pass();
        cluster.close();
        proxy.close();
    }

    private void begin(Outage outage) {
        switch (outage) {
            case REFUSED -> proxy.refuse();
            case HALF_CLOSED -> proxy.halfClose();
            case BLACK_HOLE -> proxy.blackHole();
            case PAUSED -> POSTGRES.pause();
            case STOPPED -> POSTGRES.stop();
        }
    }

    private void end(Outage outage) {
        switch (outage) {
            case REFUSED, HALF_CLOSED, BLACK_HOLE -> proxy.pass();
            case PAUSED -> POSTGRES.goOn();
            case STOPPED -> POSTGRES.startAgain();
        }
    }

    private Target.Answer page(String path) {
        return Target.send(HttpRequest.newBuilder(URI.create(cluster.api().base() + path)));
    }

    private static <T> T within(Duration most, Supplier<T> work) {
        long begun = System.nanoTime();
        T result = work.get();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(most);
        return result;
    }

    private boolean isAway() {
        return page("/metrics").body().contains("plimsoll_database_reach{reach=\"away\"} 1");
    }

    private void joinsWork(String id) {
        var reply = within(Duration.ofMillis(250), () -> cluster.api().join(id));
        assertThat(reply.location()).contains("/api/join?");
    }

    private static void isAwayInBbbsWords(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("returncode")).isEqualTo("FAILED");
        assertThat(reply.key()).isEqualTo("internalError");
        assertThat(reply.text("message")).contains("nothing can be opened or changed just now");
    }

    @ParameterizedTest
    @EnumSource
    void knownMeetingsGoOnAndNothingIsOpened(Outage outage) {
        var api = cluster.api();
        String kept = api.create("kept").text("internalMeetingID");
        api.create("ended");
        joinsWork("kept");
        api.info("kept");
        begin(outage);
        // At first nobody knows, and yet nobody waits who does not want to write.
        var early = Together.begin(() -> within(seconds(6), () -> api.create("early")));
        Together.until(
                "it is known to be away",
                seconds(8),
                () -> {
                    joinsWork("kept");
                    assertThat(within(seconds(1), () -> api.info("kept")).succeeded()).isTrue();
                    return isAway();
                },
                () -> "");
        isAwayInBbbsWords(Together.result(early));
        knownMeetingsWorkAndNothingElse(kept);
        end(outage);
        Together.until(
                "it is ready", seconds(15), () -> page("/health/ready").status() == 200, () -> "");
        Together.until(
                "meetings are opened",
                seconds(15),
                () -> api.create("new").succeeded(),
                () -> api.create("new").body());
        assertThat(api.info("kept").text("internalMeetingID")).isEqualTo(kept);
        Together.until("the ended one is forgotten", () -> cluster.registered("ended").isEmpty());
        assertThat(cluster.only("new")).isNotNegative();
    }

    private void knownMeetingsWorkAndNothingElse(String kept) {
        var api = cluster.api();
        isAwayInBbbsWords(within(Duration.ofMillis(500), () -> api.create("late")));
        assertThat(cluster.running("late")).isEmpty();
        isAwayInBbbsWords(within(Duration.ofMillis(500), () -> api.info("unknown")));
        assertThat(api.create("kept").text("internalMeetingID")).isEqualTo(kept);
        assertThat(api.call("isMeetingRunning", "meetingID", "kept").succeeded()).isTrue();
        assertThat(api.list().meetingIds()).contains("kept");
        assertThat(api.end("ended").succeeded()).isTrue();
        var ready = within(Duration.ofMillis(500), () -> page("/health/ready"));
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.body()).contains("database does not answer");
        assertThat(page("/health/live").status()).isEqualTo(200);
        joinsWork("kept");
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void whatAServerOpenedButNobodyCouldNoteIsAdopted() {
        cluster.servers()
                .forEach(server -> server.faults().add(FaultRule.parse("create=delay:1s")));
        var creating = Together.begin(() -> cluster.api().create("room"));
        Together.until("a server is asked", () -> cluster.calls("create") > 0);
        proxy.refuse();
        isAwayInBbbsWords(Together.result(creating));
        String internal = cluster.meeting("room").internalId();
        proxy.pass();
        cluster.servers().forEach(server -> server.faults().clear());
        // Long before its claim runs out.
        Together.until(
                "the same meeting is found by a create",
                seconds(10),
                () -> cluster.api().create("room").text("internalMeetingID").equals(internal),
                () -> cluster.registered().toString());
        assertThat(cluster.running("room")).hasSize(1);
    }

    private void canBeOpenedSoon(String id) {
        Together.until(
                "it is opened long before a claim runs out",
                seconds(10),
                () -> cluster.api().create(id).succeeded(),
                () -> cluster.registered().toString());
        assertThat(cluster.running(id)).hasSize(1);
    }

    @Test
    void aClaimWhoseCommitNobodyHeardOfIsGivenUp() {
        proxy.loseAnswerTo(MARK);
        isAwayInBbbsWords(cluster.api().create("room", "meta_note", MARK));
        assertThat(proxy.hasLostAnswer()).isTrue();
        assertThat(cluster.calls("create")).isZero();
        canBeOpenedSoon("room");
    }

    @Test
    void aClaimThatCouldNotBeHandedOnIsGivenUp() {
        cluster.servers().forEach(server -> server.faults().add(FaultRule.parse("create=drop*1")));
        proxy.loseAnswerAfter(MARK, 2);
        isAwayInBbbsWords(cluster.api().create("room", "meta_note", MARK));
        assertThat(proxy.hasLostAnswer()).isTrue();
        assertThat(cluster.calls("create")).isOne();
        cluster.servers().forEach(server -> server.faults().clear());
        canBeOpenedSoon("room");
    }

    @Test
    void aRefusalIsTheCallersEvenIfItsClaimCannotBeGivenUpYet() {
        cluster.servers()
                .forEach(server -> server.faults().add(FaultRule.parse("create=delay:1s")));
        var creating =
                Together.begin(() ->
                        cluster.api()
                                .create(
                                        "room",
                                        "isBreakout",
                                        "true",
                                        "parentMeetingID",
                                        "nowhere"));
        Together.until("a server is asked", () -> cluster.calls("create") > 0);
        proxy.refuse();
        assertThat(Together.result(creating).key()).isNotEqualTo("internalError");
        proxy.pass();
        cluster.servers().forEach(server -> server.faults().clear());
        canBeOpenedSoon("room");
    }
}
