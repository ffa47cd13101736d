// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import static dev.plimsoll.placement.Servers.NOW;
import static dev.plimsoll.placement.Servers.aServer;
import static dev.plimsoll.placement.Servers.capped;
import static dev.plimsoll.placement.Servers.reserving;
import static dev.plimsoll.placement.Servers.weighing;
import static dev.plimsoll.placement.Servers.with;
import static dev.plimsoll.placement.Servers.withUsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.placement.Placement.Chosen;
import dev.plimsoll.placement.Placement.NoServer;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Caps;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Intake;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class PlacementPolicyTest {

    private static final Failure SLOW = new Failure(Trouble.SILENT, "is slow");
    private static final Failure GONE = new Failure(Trouble.REFUSED, "is gone");

    private static final PlacementSettings SETTINGS =
            new PlacementSettings(0.5, 2, 20, Duration.ofMinutes(10), Caps.NONE, 100);
    private static final Expectation USUAL = new Expectation(20);
    private static final List<Admission> ADMISSIONS =
            List.of(
                    Admission.ENABLED,
                    Admission.ENABLED,
                    Admission.ENABLED,
                    Admission.CORDONED,
                    Admission.DRAINING,
                    Admission.DISABLED);

    private final Random random = new Random(20261120);
    private final LoadModel model = new LoadModel(SETTINGS);
    private final CapRule caps = new CapRule(model, SETTINGS);
    private final PlacementPolicy policy = new PlacementPolicy(model, caps);

    @Test
    void onlyServersThatMayAreChosenAndOfThemOneOfTheLeastLoaded() {
        for (int i = 0; i < 5_000; i++) {
            var servers = anyServers();
            var excluded = anyOf(servers);
            var avoided = anyOf(servers);
            var may =
                    servers.stream()
                            .filter(Server::takesNewMeetings)
                            .filter(s -> !excluded.contains(s.id()))
                            .toList();
            var rather = may.stream().filter(s -> !avoided.contains(s.id())).toList();
            switch (policy.place(
                    USUAL, servers, Occupancy.NONE, excluded, avoided, NOW, random.nextInt())) {
                case Chosen(Server server, double reservation, String why) -> {
                    assertThat(may).contains(server);
                    var best = rather.isEmpty() ? may : rather;
                    assertThat(best).contains(server);
                    assertThat(load(server))
                            .isLessThanOrEqualTo(
                                    best.stream().mapToDouble(this::load).min().orElseThrow()
                                            + 0.01);
                    assertThat(reservation).isEqualTo(20);
                    assertThat(why).startsWith("least loaded of " + best.size());
                }
                case NoServer(Map<ServerId, String> reasons) -> {
                    assertThat(may).isEmpty();
                    assertThat(reasons.keySet())
                            .isEqualTo(
                                    servers.stream().map(Server::id).collect(Collectors.toSet()));
                    assertThat(reasons.values()).noneMatch(String::isBlank);
                }
            }
        }
    }

    private double load(Server server) {
        return model.load(server, USUAL.users(), NOW);
    }

    private List<Server> anyServers() {
        var servers = new ArrayList<Server>();
        for (int i = random.nextInt(8); i > 0; i--) {
            var server = withUsers(aServer("s" + i), random.nextInt(4) * 25);
            server =
                    reserving(
                            server, random.nextInt(3) * 20, NOW.minusSeconds(random.nextInt(900)));
            server = weighing(server, random.nextBoolean() ? 1 : random.nextDouble(0.1, 8));
            server = with(server, ADMISSIONS.get(random.nextInt(ADMISSIONS.size())));
            servers.add(with(server, anyHealth()));
        }
        return servers;
    }

    private Health anyHealth() {
        return switch (random.nextInt(5)) {
            case 0 -> new Health.Unstable(1, 0, SLOW);
            case 1 -> new Health.Offline(NOW, GONE, 0);
            default -> new Health.Online(1, 1);
        };
    }

    private Set<ServerId> anyOf(List<Server> servers) {
        var ids = new HashSet<ServerId>();
        servers.stream().map(Server::id).filter(_ -> random.nextInt(4) == 0).forEach(ids::add);
        return ids;
    }

    @Test
    void fiftyMeetingsSpreadEvenlyOverTenIdleServers() {
        for (int run = 0; run < 50; run++) {
            var count = placeAll(50, servers(10));
            assertThat(count.values()).hasSize(10).allMatch(n -> n >= 4 && n <= 6);
        }
    }

    @Test
    void aServerOfTwiceTheWeightGetsTwiceTheMeetings() {
        var servers = new ArrayList<>(servers(3));
        servers.set(0, weighing(servers.get(0), 2));
        var count = placeAll(40, servers);
        assertThat(count.get(new ServerId("s0"))).isBetween(19, 21);
        assertThat(count.get(new ServerId("s1"))).isBetween(9, 11);
    }

    @Test
    void aFullServerGetsNothingUntilTheOthersHaveCaughtUp() {
        var servers = new ArrayList<>(servers(3));
        servers.set(0, withUsers(servers.get(0), 200));
        assertThat(placeAll(20, servers)).doesNotContainKey(new ServerId("s0"));
    }

    /// Places that many meetings, one every second, each of which reserves what it is expected to need.
    private Map<ServerId, Integer> placeAll(int meetings, List<Server> idle) {
        var servers = new ArrayList<>(idle);
        var count = new HashMap<ServerId, Integer>();
        for (int i = 0; i < meetings; i++) {
            var now = NOW.plusSeconds(i);
            var chosen =
                    (Chosen)
                            policy.place(
                                    USUAL,
                                    servers,
                                    Occupancy.NONE,
                                    Set.of(),
                                    Set.of(),
                                    now,
                                    random.nextInt());
            var server = chosen.server();
            count.merge(server.id(), 1, Integer::sum);
            servers.set(
                    servers.indexOf(server),
                    reserving(
                            server,
                            model.reserved(server.load(), now) + chosen.reservation(),
                            now));
        }
        return count;
    }

    @Test
    void tiesAreDecidedByTheDice() {
        var servers = servers(4);
        var chosen =
                IntStream.range(-8, 8)
                        .mapToObj(dice -> place(servers, dice))
                        .collect(Collectors.groupingBy(Server::id, Collectors.counting()));
        assertThat(chosen.values()).containsOnly(4L).hasSize(4);
        assertThat(place(servers, Integer.MIN_VALUE)).isIn(servers);
        assertThat(place(servers, 7)).isEqualTo(place(servers, 7));
    }

    private Server place(List<Server> servers, int dice) {
        return ((Chosen)
                        policy.place(USUAL, servers, Occupancy.NONE, Set.of(), Set.of(), NOW, dice))
                .server();
    }

    @Test
    void anAvoidedServerIsTakenWhenThereIsNoOther() {
        var servers = servers(2);
        var avoided = Set.of(servers.get(1).id());
        assertThat(
                        policy.place(
                                USUAL,
                                servers,
                                Occupancy.NONE,
                                Set.of(servers.get(0).id()),
                                avoided,
                                NOW,
                                0))
                .extracting(placement -> ((Chosen) placement).server())
                .isEqualTo(servers.get(1));
    }

    @Test
    void saysWhyNoServerWillDo() {
        var servers =
                List.of(
                        with(aServer("a"), Admission.CORDONED),
                        with(aServer("b"), Admission.DRAINING),
                        with(aServer("c"), Admission.DISABLED),
                        with(aServer("d"), new Health.Unstable(1, 0, SLOW)),
                        with(aServer("e"), new Health.Offline(NOW, GONE, 0)),
                        aServer("f"));
        assertThat(
                        policy.place(
                                USUAL,
                                servers,
                                Occupancy.NONE,
                                Set.of(new ServerId("f")),
                                Set.of(),
                                NOW,
                                0))
                .isEqualTo(
                        new NoServer(
                                Map.of(
                                        new ServerId("a"), "cordoned",
                                        new ServerId("b"), "draining",
                                        new ServerId("c"), "disabled",
                                        new ServerId("d"), "unstable: is slow",
                                        new ServerId("e"), "offline: is gone",
                                        new ServerId("f"), "just failed to create it")));
    }

    @Test
    void anEmptyPoolHasNoServer() {
        assertThat(policy.place(USUAL, List.of(), Occupancy.NONE, Set.of(), Set.of(), NOW, 5))
                .isEqualTo(new NoServer(Map.of()));
    }

    @Test
    void noCapIsExceededWhateverComes() {
        for (int run = 0; run < 200; run++) {
            var servers = new ArrayList<Server>();
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                servers.add(capped(aServer("s" + i), anyCaps(), Intake.NONE));
            }
            fill(servers);
        }
    }

    private Caps anyCaps() {
        return new Caps(random.nextInt(3) * 150, random.nextInt(3) * 7, random.nextInt(3) * 4);
    }

    /// Places meetings of all sizes until none fits, or for so many times, all in one moment.
    private void fill(List<Server> servers) {
        Map<ServerId, Integer> meetings = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            var expected = new Expectation(random.nextInt(5) == 0 ? 400 : 20);
            var occupancy = new Occupancy(meetings, Set.of());
            switch (policy.place(
                    expected, servers, occupancy, Set.of(), Set.of(), NOW, random.nextInt())) {
                case NoServer(var reasons) -> {
                    assertThat(reasons.values())
                            .allMatch(why -> why.startsWith("full: ") || why.startsWith("takes "));
                    assertThat(servers).allMatch(full -> !full.caps().equals(Caps.NONE));
                }
                case Chosen(Server server, double more, _) -> {
                    int count = meetings.merge(server.id(), 1, Integer::sum);
                    double users = server.load().reserved() + more;
                    var limit = server.caps();
                    assertThat(limit.meetings() == 0 || count <= limit.meetings()).isTrue();
                    assertThat(limit.perMinute() == 0 || count <= limit.perMinute()).isTrue();
                    assertThat(limit.users() == 0 || users <= limit.users() || count == 1).isTrue();
                    servers.set(
                            servers.indexOf(server),
                            reserving(capped(server, limit, new Intake(count, NOW)), users, NOW));
                }
            }
        }
    }

    @Test
    void saysWhatAServerIsFullOf() {
        var servers =
                List.of(
                        capped(withUsers(aServer("a"), 300), new Caps(300, 0, 0), Intake.NONE),
                        capped(aServer("b"), new Caps(0, 5, 0), Intake.NONE),
                        capped(aServer("c"), new Caps(0, 0, 20), new Intake(20, NOW)));
        var occupancy = new Occupancy(Map.of(new ServerId("b"), 5), Set.of());
        assertThat(policy.place(USUAL, servers, occupancy, Set.of(), Set.of(), NOW, 0))
                .isEqualTo(
                        new NoServer(
                                Map.of(
                                        new ServerId("a"),
                                        "full: 300 of 300 users, 20 more expected",
                                        new ServerId("b"),
                                        "full: 5 of 5 meetings",
                                        new ServerId("c"),
                                        "takes 20 new meetings per minute")));
    }

    @Test
    void aMeetingLargerThanACapGetsAnIdleServerAndNoOther() {
        var idle = capped(aServer("idle"), new Caps(100, 0, 0), Intake.NONE);
        var used = withUsers(capped(aServer("used"), new Caps(100, 0, 0), Intake.NONE), 1);
        var huge = new Expectation(400);
        assertThat(caps.full(idle, huge.users(), 0, NOW)).isEmpty();
        assertThat(caps.full(used, huge.users(), 0, NOW)).isPresent();
    }

    @Test
    void bigMeetingsKeepApartAsLongAsTheyCan() {
        var servers = servers(4);
        var rather = withUsers(servers.get(3), 90);
        var big = Set.of(servers.get(0).id(), servers.get(1).id(), servers.get(2).id());
        var all = List.of(servers.get(0), servers.get(1), servers.get(2), rather);
        for (int dice = 0; dice < 8; dice++) {
            var occupancy = new Occupancy(Map.of(), big);
            assertThat(policy.place(USUAL, all, occupancy, Set.of(), Set.of(), NOW, dice))
                    .extracting(placement -> ((Chosen) placement).server())
                    .isEqualTo(rather);
            assertThat(
                            policy.place(
                                    USUAL,
                                    all,
                                    occupancy,
                                    Set.of(rather.id()),
                                    Set.of(),
                                    NOW,
                                    dice))
                    .isInstanceOf(Chosen.class);
        }
    }

    @Test
    void saysWhyItChose() {
        var servers =
                List.of(
                        withUsers(aServer("a"), 5),
                        withUsers(aServer("b"), 5),
                        withUsers(aServer("c"), 9));
        assertThat(policy.place(USUAL, servers, Occupancy.NONE, Set.of(), Set.of(), NOW, 0))
                .isEqualTo(
                        new Chosen(
                                servers.get(0),
                                20,
                                "least loaded of 3 (5.0 now, tied with 1 more)"));
    }

    @Test
    void aServerThatCameBackCountsWithAPartOfItsWeight() {
        var back = with(aServer("back"), new Health.Online(2, 6));
        for (int users = 0; users <= 100; users++) {
            var other = withUsers(aServer("other"), users);
            // A third of the weight: the 20 expected people count as 60 on it.
            if (users + 20 != 60) {
                assertThat(place(List.of(back, other), 0))
                        .as("%d users", users)
                        .isEqualTo(users + 20 < 60 ? other : back);
            }
        }
        assertThat(policy.place(USUAL, List.of(back), Occupancy.NONE, Set.of(), Set.of(), NOW, 0))
                .isInstanceOfSatisfying(
                        Chosen.class,
                        chosen ->
                                assertThat(chosen.why())
                                        .isEqualTo(
                                                "least loaded of 1 (0.0 now, though it came back lately and"
                                                        + " counts 33 % of its weight)"));
    }

    private static List<Server> servers(int count) {
        return IntStream.range(0, count).mapToObj(i -> aServer("s" + i)).toList();
    }
}
