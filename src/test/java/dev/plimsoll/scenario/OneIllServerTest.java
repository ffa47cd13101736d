// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.scenario.Traffic.Kind;
import dev.plimsoll.scenario.Traffic.Times;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Alone;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Whatever one of four servers does, who has to do with the others does not notice.
///
/// A call that waited for the ill server would take a second at least; what a busy test machine adds is far below.
@Alone
@Timeout(120)
final class OneIllServerTest {

    private static final int ILL = 0;

    /// Calls that have nothing to do with the ill server.
    private static final List<Kind> APART = List.of(Kind.JOIN, Kind.INFO, Kind.RUNNING, Kind.AGAIN);

    private static final double LIST_TIMEOUT = 1000;
    private static final double CREATE_TIMEOUT = 1200;

    /// What noise of the machine may add, in milliseconds.
    private static final double NOISE = 30;

    /// Faults in force at the same time, by the name under which they are reported.
    private static final Map<String, List<String>> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put("down", List.of());
        for (String fault :
                List.of(
                        "hang",
                        "delay:2s",
                        "slowly:100",
                        "drop",
                        "garbage",
                        "html:502",
                        "status:503",
                        "truncate",
                        "lose-answer",
                        "create=hang",
                        "getMeetings=hang")) {
            FAULTS.put(fault, List.of(fault));
        }
        FAULTS.put(
                "mixture",
                List.of(
                        "create=lose-answer*1",
                        "getMeetings=slowly:100",
                        "create=drop",
                        "root=hang"));
    }

    /// These are noticed so late that new meetings do land there; others may be noticed by a list before.
    private static final List<String> SILENT =
            List.of("hang", "delay:2s", "slowly:100", "create=hang");

    /// The defaults, some five times as quick.
    private static Cluster cluster(String createTimeout) {
        return Cluster.of(4)
                .with("poll.interval", "1s")
                .with("poll.heartbeat", "250ms")
                .with("poll.timeout", "800ms")
                .with("poll.successes-until-full", "1")
                .with("bbb.create-timeout", createTimeout)
                .with("bbb.answer-timeout", "2s")
                .with("api.list-timeout", "1s")
                .with("create.budget", "10s")
                .start();
    }

    private static List<String> twelveMeetings(Cluster cluster) {
        var ids = IntStream.range(0, 12).mapToObj(i -> "room-" + i).toList();
        ids.forEach(id -> assertThat(cluster.api().create(id).succeeded()).isTrue());
        assertThat(cluster.spread()).containsExactly(3, 3, 3, 3);
        return ids;
    }

    @Test
    void whateverItDoesTheOthersGoOnAsUsual() throws InterruptedException {
        try (var cluster = cluster("1200ms")) {
            var healthy = new ArrayList<Times>();
            var ill = new LinkedHashMap<String, Times>();
            List<String> complaints;
            var meetings = twelveMeetings(cluster);
            weigh(cluster, 2); // then most new meetings meet what it does
            try (var traffic = Traffic.start(cluster, ILL, meetings)) {
                traffic.during("warming up", 2500);
                healthy.add(traffic.during("at first", 3000));
                for (var fault : FAULTS.entrySet()) {
                    traffic.endThoseOnTheIll();
                    long met = cluster.server(ILL).control().calls("create");
                    strike(cluster, fault.getValue());
                    ill.put(fault.getKey(), traffic.during(fault.getKey(), 1800));
                    if (SILENT.contains(fault.getKey())) {
                        assertThat(cluster.server(ILL).control().calls("create"))
                                .as("creates that met %s; %s", fault, traffic.complaints())
                                .isGreaterThan(met);
                    }
                    heal(cluster, traffic);
                    healthy.add(traffic.during("after " + fault.getKey(), 500));
                }
                traffic.during("at last", 0);
                complaints = traffic.complaints();
            }
            assertThat(complaints).isEmpty();
            expectAsUsual(Times.of(healthy), ill);
        }
    }

    private static void strike(Cluster cluster, List<String> faults) {
        if (faults.isEmpty()) {
            cluster.server(ILL).goDown();
        }
        faults.forEach(fault -> cluster.server(ILL).faults().add(FaultRule.parse(fault)));
    }

    /// Until it takes new meetings again, and has shown it.
    private static void heal(Cluster cluster, Traffic traffic) {
        cluster.server(ILL).faults().clear();
        cluster.server(ILL).comeUp();
        Together.until("it is online", () -> cluster.health(ILL).equals("online"));
        for (int other = 1; other < 4; other++) {
            cluster.act(AdminRoutes.SERVERS_CORDON, other);
        }
        int before = traffic.onTheIll();
        Together.until("it has a new meeting", () -> traffic.onTheIll() > before);
        for (int other = 1; other < 4; other++) {
            cluster.act(AdminRoutes.SERVERS_ENABLE, other);
        }
    }

    private static void expectAsUsual(Times usual, Map<String, Times> ill) {
        var all = Times.of(ill.values());
        for (Kind kind : APART) {
            double most = usualAtMost(usual, kind);
            assertThat(all.millis(kind, 0.99))
                    .as("%s: usually %s, with all faults %s", kind, usual, all)
                    .isLessThan(most);
            ill.forEach((fault, times) ->
                    assertThat(times.millis(kind, 0.9))
                            .as("%s, %s: usually %s, now %s", fault, kind, usual, times)
                            .isLessThan(most));
        }
        ill.forEach((fault, times) ->
                expectOnlyTheFirstToWait(
                        "%s: usually %s, now %s".formatted(fault, usual, times), usual, times));
        assertThat(all.millis(Kind.NEW, 0.5)).isLessThan(usualAtMost(usual, Kind.NEW));
    }

    /// Who meets the fault first waits for a timeout, and so do those who share that list.
    private static void expectOnlyTheFirstToWait(String what, Times usual, Times times) {
        double list = usualAtMost(usual, Kind.LIST);
        assertThat(times.millis(Kind.LIST, 0.8)).as(what).isLessThan(list);
        assertThat(times.slowerThan(Kind.LIST, LIST_TIMEOUT * 0.8)).as(what).isLessThan(5);
        assertThat(times.millis(Kind.LIST, 1)).as(what).isLessThan(LIST_TIMEOUT + list + 500);
        double create = usualAtMost(usual, Kind.NEW);
        assertThat(times.slowerThan(Kind.NEW, CREATE_TIMEOUT * 0.8)).as(what).isLessThan(3);
        assertThat(times.millis(Kind.NEW, 1)).as(what).isLessThan(CREATE_TIMEOUT + create + 500);
    }

    /// Less than twice what 99 of 100 such calls take otherwise.
    private static double usualAtMost(Times usual, Kind kind) {
        return 2 * usual.millis(kind, 0.99) + NOISE;
    }

    @Test
    void tenCreatesThatHangOnItDoNotSlowTheOthers() throws InterruptedException {
        try (var cluster = cluster("5s")) {
            var meetings = twelveMeetings(cluster);
            Times usual;
            Times hanging;
            List<String> complaints;
            try (var traffic = Traffic.start(cluster, ILL, meetings)) {
                traffic.during("warming up", 1000);
                usual = traffic.during("before", 3000);
                weigh(cluster, 100);
                cluster.server(ILL).faults().add(FaultRule.parse("create=hang"));
                long before = cluster.server(ILL).control().calls("create");
                var api = cluster.api();
                var creates =
                        IntStream.range(0, 10)
                                .mapToObj(i -> Together.begin(() -> api.create("hanging-" + i)))
                                .toList();
                Together.until(
                        "ten creates hang",
                        () -> cluster.server(ILL).control().calls("create") - before >= 10);
                weigh(cluster, 1);
                hanging = traffic.during("ten creates hang", 3000);
                assertThat(creates).noneMatch(Future::isDone);
                assertThat(creates.stream().map(Together::result))
                        .allMatch(Frontend.Reply::succeeded);
                complaints = traffic.complaints();
            }
            assertThat(complaints).isEmpty();
            for (Kind kind : Kind.values()) {
                assertThat(hanging.millis(kind, 0.99))
                        .as("%s: usually %s, now %s", kind, usual, hanging)
                        .isLessThan(usualAtMost(usual, kind));
            }
        }
    }

    private static void weigh(Cluster cluster, double weight) {
        cluster.set(ILL, new ServerWish(null, null, null, weight, null, null));
    }
}
