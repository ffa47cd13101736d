// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.simulator.People;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.RunningCommand;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Maintenance as an operator types it, each command in a process of its own.
@Timeout(90)
final class MaintenanceTest {

    private static final String[] FAST = {"--interval", "50ms"};

    @TempDir private Path directory;

    private RunningCommand start(Cluster cluster, String... words) {
        var all = new ArrayList<>(List.of("servers"));
        all.addAll(List.of(words));
        return RunningCommand.plimsoll(
                directory,
                Map.of("PLIMSOLL_DATA", cluster.data().toString()),
                all.toArray(String[]::new));
    }

    private RunningCommand.Ended run(Cluster cluster, int code, String... words) {
        return typing(cluster, code, "", words);
    }

    private RunningCommand.Ended typing(Cluster cluster, int code, String typed, String... words) {
        try (var command = start(cluster, words)) {
            var ended = command.type(typed).end();
            assertThat(ended.code())
                    .as("%s%n%s%n%s", String.join(" ", words), ended.out(), ended.err())
                    .isEqualTo(code);
            assertThat(ended.err()).doesNotContain("\tat ");
            return ended;
        }
    }

    private static String[] fast(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of(FAST));
        return all.toArray(String[]::new);
    }

    private static void end(Cluster cluster, String meeting, int server) {
        cluster.api().end(meeting);
        cluster.clock().advance(Duration.ofSeconds(20));
        cluster.server(server).tick();
    }

    private static List<String> admissions(Cluster cluster) {
        return IntStream.range(0, cluster.servers().size())
                .mapToObj(i -> cluster.view(i).admission())
                .toList();
    }

    @Test
    void aDrainIsWaitedForWithProgress() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.api().create("one");
            cluster.api().create("two");
            cluster.server(0).control().connect("one", People.viewers(3));
            cluster.poll(0);
            try (var drain = start(cluster, fast("drain", "bbb0", "--wait"))) {
                drain.awaitText("bbb0: 2 meetings, 3 people left; 3 in the largest");
                end(cluster, "one", 0);
                drain.awaitText("bbb0: 1 meeting");
                end(cluster, "two", 0);
                var ended = drain.end();
                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.out())
                        .startsWith("server bbb0 is draining\n")
                        .endsWith("server bbb0 is disabled\n")
                        .doesNotContain("\033");
            }
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            run(cluster, 64, fast("drain", "bbb0", "--wait"));
        }
    }

    @Test
    void aDrainThatSomebodyUndoesOrThatLastsTooLongIsAFailure() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            var late = run(cluster, 1, fast("drain", "bbb0", "--wait", "--timeout", "200ms"));
            assertThat(late.err()).contains("bbb0 still drains: 1 meeting");
            try (var drain = start(cluster, fast("drain", "bbb0", "--wait"))) {
                drain.awaitText("1 meeting");
                cluster.act(AdminRoutes.SERVERS_ENABLE, 0);
                var ended = drain.end();
                assertThat(ended.code()).isEqualTo(1);
                assertThat(ended.err()).contains("somebody made server bbb0 enabled");
            }
        }
    }

    @Test
    void aServerThatDiesWhileItDrainsIsNotWaitedForForEver() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.api().create("room");
            try (var drain = start(cluster, fast("drain", "bbb0", "--wait"))) {
                drain.awaitText("1 meeting");
                cluster.server(0).goDown();
                Together.until(
                        "it is given up",
                        () -> {
                            cluster.poll(0);
                            return cluster.health(0).equals("offline");
                        });
                drain.awaitText("no meeting is left; it is offline");
                cluster.clock().advance(Duration.ofMinutes(6));
                assertThat(drain.end().code()).isZero();
            }
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            assertThat(cluster.api().join("room").status()).isEqualTo(302);
        }
    }

    @Test
    void anInterruptedWaitLeavesTheDrainGoingAndSaysSo() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            try (var drain = start(cluster, fast("drain", "bbb0", "--wait"))) {
                drain.awaitText("1 meeting").terminate();
                assertThat(drain.end().err()).contains("the drain of bbb0 goes on");
            }
            assertThat(cluster.view(0).admission()).isEqualTo("draining");
        }
    }

    @Test
    void aWaitSurvivesARestartOfTheInstanceButNotItsEnd() throws IOException {
        try (var cluster = Cluster.of(1).with("http.port", freePort()).start()) {
            cluster.api().create("room");
            try (var drain = start(cluster, fast("drain", "bbb0", "--wait"))) {
                drain.awaitText("1 meeting");
                cluster.stop();
                drain.awaitText("the instance is away");
                cluster.start();
                end(cluster, "room", 0);
                var ended = drain.end();
                assertThat(ended.code()).as(ended.err()).isZero();
            }
            cluster.act(AdminRoutes.SERVERS_ENABLE, 0);
            Together.until("it is online", () -> cluster.health(0).equals("online"));
            cluster.api().create("room");
            try (var drain =
                    start(cluster, fast("drain", "bbb0", "--wait", "--patience", "200ms"))) {
                drain.awaitText("1 meeting");
                cluster.stop();
                assertThat(drain.end().code()).isEqualTo(1);
                cluster.start();
            }
        }
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return String.valueOf(socket.getLocalPort());
        }
    }

    @Test
    void serversAreEmptiedAndRemovedByForce() {
        try (var cluster = Cluster.of(3).weights(100.0, 1.0, 1.0).start()) {
            cluster.api().create("one");
            cluster.api().create("two");
            assertThat(run(cluster, 0, "panic", "bbb0", "--yes").out())
                    .isEqualTo("server bbb0 is disabled; meetings ended: 2, forgotten: 0\n");
            run(cluster, 64, "panic", "bbb0");
            cluster.api().create("three");
            String id = cluster.registered("three").orElseThrow().server();
            assertThat(run(cluster, 1, "remove", id).err()).contains("1 meeting runs");
            run(cluster, 0, "remove", id, "--force");
            assertThat(cluster.api().join("three").status()).isEqualTo(302);
            assertThat(run(cluster, 1, "panic", id).err()).contains("there is no server");
        }
    }

    @Test
    void meetingsAreMovedAwayTheBiggestLast() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            for (String id : new String[] {"big", "small", "middle"}) {
                cluster.api().create(id);
            }
            cluster.server(0).control().connect("big", People.viewers(9));
            cluster.server(0).control().connect("middle", People.viewers(4));
            cluster.poll(0);
            var done = run(cluster, 0, fast("evacuate", "bbb0"));
            assertThat(done.out())
                    .contains("server bbb0 is cordoned")
                    .contains("bbb0: 3 meetings moved to other servers");
            assertThat(cluster.registered()).allMatch(meeting -> meeting.server().equals("bbb1"));
            assertThat(
                            cluster.sql(
                                    "SELECT COUNT(*) FROM meetings WHERE meeting_id = 'big' AND internal_id ="
                                            + " (SELECT subject FROM events WHERE kind = 'meeting-moved'"
                                            + " ORDER BY id DESC LIMIT 1)"))
                    .isEqualTo("1");
            run(cluster, 64, fast("evacuate", "bbb0"));
        }
    }

    @Test
    void whatCannotBeMovedIsNamed() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            var done = run(cluster, 1, fast("evacuate", "bbb0"));
            assertThat(done.err())
                    .contains("1 meeting left on server bbb0", "room: no other server");
            assertThat(cluster.view(0).admission()).isEqualTo("cordoned");
        }
    }

    @Test
    void aRollGoesOverAllServersTwoAtATime() throws IOException {
        try (var cluster = Cluster.of(5).start()) {
            cluster.act(AdminRoutes.SERVERS_CORDON, 4);
            String command =
                    "echo start $PLIMSOLL_SERVER_ID >> log; sleep 0.3; echo works on $PLIMSOLL_SERVER_URL;"
                            + " echo end $PLIMSOLL_SERVER_ID >> log";
            String[] roll =
                    fast("roll", "all", "--parallel", "2", "--keep", "2", "--command", command);
            var plan = new ArrayList<>(List.of(roll));
            plan.add("--dry-run");
            assertThat(run(cluster, 0, plan.toArray(String[]::new)).out())
                    .contains("bbb0: would drain, run the command, poll until healthy, enable")
                    .contains("bbb4: is cordoned and left out");
            assertThat(Files.exists(directory.resolve("log"))).isFalse();

            var done = run(cluster, 0, roll);
            assertThat(done.out())
                    .contains("bbb1 | works on " + cluster.server(1).api())
                    .contains("the roll is done: 4 servers");
            assertThat(admissions(cluster))
                    .containsExactly("enabled", "enabled", "enabled", "enabled", "cordoned");
            assertThat(Files.exists(directory.resolve("plimsoll-roll.json"))).isFalse();
            assertThat(mostAtOnce()).isLessThanOrEqualTo(2);
            assertThat(Files.readAllLines(directory.resolve("log")))
                    .hasSize(8)
                    .doesNotContain("start bbb4");
        }
    }

    @Test
    void aRollTakesFewerAtATimeWhereTooFewWouldRemain() throws IOException {
        try (var cluster = Cluster.of(3).start()) {
            run(
                    cluster,
                    0,
                    fast(
                            "roll",
                            "all",
                            "--parallel",
                            "3",
                            "--keep",
                            "2",
                            "--command",
                            "echo start >> log; sleep 0.3; echo end >> log"));
            run(cluster, 64, fast("roll", "--tag", "none", "--command", "true"));
            assertThat(mostAtOnce()).isEqualTo(1);
            assertThat(admissions(cluster)).allMatch("enabled"::equals);
        }
    }

    private int mostAtOnce() throws IOException {
        int now = 0;
        int most = 0;
        for (String line : Files.readAllLines(directory.resolve("log"))) {
            now += line.startsWith("start") ? 1 : -1;
            most = Math.max(most, now);
        }
        return most;
    }

    @Test
    void aRollStopsAtTheFirstFailureAndTheSameCommandGoesOn() throws IOException {
        try (var cluster = Cluster.of(4).start()) {
            String command =
                    "echo $PLIMSOLL_SERVER_ID >> log; test $PLIMSOLL_SERVER_ID != bbb1 -o -e repaired || exit 3";
            String[] roll = fast("roll", "bbb0", "bbb1", "bbb2", "bbb3", "--command", command);
            var stopped = run(cluster, 1, roll);
            assertThat(stopped.err())
                    .contains("bbb1: the command failed with exit code 3")
                    .contains("done: bbb0")
                    .contains("not begun: bbb2, bbb3")
                    .contains("still out of service: bbb1")
                    .contains("give the same command again", "servers enable bbb1");
            assertThat(admissions(cluster))
                    .containsExactly("enabled", "disabled", "enabled", "enabled");
            run(cluster, 2, fast("roll", "bbb2", "--command", command));

            Files.createFile(directory.resolve("repaired"));
            var resumed = run(cluster, 0, roll);
            assertThat(resumed.out()).contains("going on with the roll").contains("(4 of 4)");
            assertThat(admissions(cluster)).allMatch("enabled"::equals);
            assertThat(Files.readAllLines(directory.resolve("log")))
                    .containsExactly("bbb0", "bbb1", "bbb1", "bbb2", "bbb3");
            assertThat(Files.exists(directory.resolve("plimsoll-roll.json"))).isFalse();
        }
    }

    @Test
    void aRollThatIsInterruptedEndsItsCommandAndGoesOnWhenItIsGivenAgain() throws IOException {
        try (var cluster = Cluster.of(2).start()) {
            String[] roll =
                    fast(
                            "roll",
                            "bbb0",
                            "--command",
                            "echo started; test -e ready || sleep 60; echo ended >> log");
            try (var command = start(cluster, roll)) {
                command.awaitText("bbb0 | started").terminate();
                assertThat(command.end().err()).contains("The same command goes on");
            }
            assertThat(cluster.view(0).admission()).isEqualTo("disabled");
            Files.createFile(directory.resolve("ready"));
            run(cluster, 0, roll);
            assertThat(cluster.view(0).admission()).isEqualTo("enabled");
            assertThat(Files.readAllLines(directory.resolve("log"))).hasSize(1);
        }
    }

    @Test
    void aSecondRollWithTheSameStateIsRefusedWhileTheFirstRuns() {
        try (var cluster = Cluster.of(2).start()) {
            String[] roll =
                    fast("roll", "bbb0", "--command", "echo started; test -e ready || sleep 60");
            try (var first = start(cluster, roll)) {
                first.awaitText("bbb0 | started");
                assertThat(run(cluster, 2, roll).err())
                        .contains("another roll with plimsoll-roll.json is under way");
                String[] plan = fast("roll", "bbb0", "--dry-run");
                assertThat(run(cluster, 0, plan).out()).contains("bbb0: would drain");
                assertThat(cluster.view(0).admission()).isEqualTo("disabled");
                assertThat(first.isAlive()).isTrue();
                first.terminate().end();
            }
            // Nobody has to tidy up after one that was killed.
            assertThat(run(cluster, 0, fast("roll", "bbb0", "--command", "true")).out())
                    .contains("going on with the roll", "the roll is done");
        }
    }

    @Test
    void serversThatStillDrainWhenAnotherFailsAreEnabledAgain() {
        try (var cluster = Cluster.of(3).weights(1.0, 100.0, 1.0).start()) {
            cluster.api().create("room");
            assertThat(cluster.only("room")).isEqualTo(1);
            try (var roll =
                    start(
                            cluster,
                            fast(
                                    "roll",
                                    "bbb1",
                                    "bbb0",
                                    "--parallel",
                                    "2",
                                    "--command",
                                    "test -e never"))) {
                var ended = roll.end();
                assertThat(ended.code()).isEqualTo(1);
                assertThat(ended.out()).contains("bbb1: was not begun with; enabled again");
            }
            assertThat(admissions(cluster)).containsExactly("disabled", "enabled", "enabled");
        }
    }

    @Test
    void aServerThatIsNotAsWishedAfterwardsStaysDisabledAndIsOnlyLookedAtWhenTheRollGoesOn()
            throws IOException {
        try (var balancer = Balancer.start(2)) {
            var environment =
                    Map.of(
                            "PLIMSOLL_URL",
                            balancer.url(),
                            "PLIMSOLL_TOKEN",
                            balancer.adminToken().reveal());
            String[] roll =
                    new String[] {
                        "servers", "roll", "bbb1", "--command", "echo once >> log",
                        "--health-timeout", "500ms", "--interval", "50ms", "--version"
                    };
            try (var command = plimsoll(environment, roll, "3.0.19")) {
                var ended = command.end();
                assertThat(ended.code()).isEqualTo(1);
                assertThat(ended.err()).contains("bbb1: it has version 3.0.18, not 3.0.19");
            }
            assertThat(balancer.admin("GET", "/servers/bbb1", "").body()).contains("\"disabled\"");
            try (var command = plimsoll(environment, roll, "3.0.18")) {
                var ended = command.end();
                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.out()).contains("bbb1: 3.0.18 → 3.0.18, enabled (1 of 1)");
            }
            assertThat(Files.readAllLines(directory.resolve("log"))).hasSize(1);
        }
    }

    private RunningCommand plimsoll(Map<String, String> environment, String[] words, String last) {
        var all = new ArrayList<>(List.of(words));
        all.add(last);
        return RunningCommand.plimsoll(directory, environment, all.toArray(String[]::new));
    }

    @Test
    void withoutACommandAPersonIsAsked() {
        try (var cluster = Cluster.of(4).start()) {
            var done = typing(cluster, 1, "\ns\nq\n", fast("roll", "bbb0", "bbb1", "bbb2", "bbb3"));
            assertThat(done.out())
                    .contains("bbb0 is disabled: press Enter when it is ready")
                    .contains("bbb1: is skipped and stays disabled");
            assertThat(done.err()).contains("bbb2: stopped by you", "not begun: bbb3");
            assertThat(admissions(cluster))
                    .containsExactly("enabled", "disabled", "disabled", "enabled");
        }
    }

    @Test
    void aRollNeverTakesTheLastServer() {
        try (var cluster = Cluster.of(1).start()) {
            assertThat(run(cluster, 2, fast("roll", "all", "--command", "true")).err())
                    .contains("without bbb0 only 0 enabled and healthy servers would remain");
            assertThat(run(cluster, 2, fast("roll")).err()).contains("say which servers");
            run(cluster, 0, fast("roll", "all", "--keep", "0", "--command", "true"));
            cluster.act(AdminRoutes.SERVERS_CORDON, 0);
            run(cluster, 64, fast("roll", "all", "--keep", "0", "--command", "true"));
            assertThat(cluster.view(0).admission()).isEqualTo("cordoned");
        }
    }

    @Test
    void aRollMayMoveMeetingsAwayInsteadOfWaiting() {
        try (var cluster = Cluster.of(2).weights(100.0, 1.0).start()) {
            cluster.api().create("room");
            try (var roll =
                    start(cluster, fast("roll", "bbb0", "--evacuate", "--command", "true"))) {
                Together.until(
                        "the meeting is moved",
                        () -> cluster.registered("room").orElseThrow().server().equals("bbb1"));
                cluster.clock().advance(Duration.ofSeconds(20));
                cluster.server(0).tick();
                var ended = roll.end();
                assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
            }
            assertThat(admissions(cluster)).allMatch("enabled"::equals);
        }
    }
}
