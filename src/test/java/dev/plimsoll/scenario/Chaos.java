// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.People;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Servers that crash, hang, restart without their meetings and come back, and a balancer that is killed, all at random
/// and under load; then the question whether everything is as it must be. What happens when is decided by the seed.
final class Chaos implements AutoCloseable {

    private static final int SERVERS = 4;
    private static final int WORKERS = 6;
    private static final int ROOMS = 4; // of each worker, at one time

    /// Ten to twenty times as quick as the defaults, so that a round takes seconds.
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "PLIMSOLL_POLL_INTERVAL", "500ms",
                    "PLIMSOLL_POLL_HEARTBEAT", "150ms",
                    "PLIMSOLL_POLL_TIMEOUT", "600ms",
                    "PLIMSOLL_BBB_CREATE_TIMEOUT", "1s",
                    "PLIMSOLL_BBB_ANSWER_TIMEOUT", "1s",
                    "PLIMSOLL_CREATE_BUDGET", "5s",
                    "PLIMSOLL_LOG_LEVEL", "error");

    /// A healthy server exists all the time, so nobody may stand before a closed door for longer.
    private static final long LONGEST_CLOSED = TimeUnit.SECONDS.toNanos(20);

    private final Random random;
    private final long seed;
    private final Path data;
    private final List<SimulatedServer> servers = new ArrayList<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> closedSince = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private volatile ServeProcess program;
    private volatile boolean over;

    /// What a frontend knows of a meeting of its own.
    private enum Known {
        RUNS,
        ENDED,
        /// Its last call was not answered, or not with success.
        UNSURE
    }

    Chaos(long seed, Path directory) {
        this.seed = seed;
        this.random = new Random(seed);
        this.data = directory.resolve("data");
        for (int i = 0; i < SERVERS; i++) {
            servers.add(
                    SimulatedServer.start(
                            SimulatorSettings.standard(new Secret("s" + i)),
                            Clock.systemUTC(),
                            new Random(seed + i)));
        }
        program = ServeProcess.start(data, SETTINGS);
        program.add(servers);
        awaitOnline();
    }

    private static String name(int server) {
        return "bbb" + server;
    }

    /// Plays so many rounds, and complains of what is wrong after any.
    void play(int rounds) throws InterruptedException {
        over = false;
        var load =
                Together.begin(() ->
                        Together.all(
                                WORKERS,
                                worker -> {
                                    work(worker);
                                    return worker;
                                }));
        var doors =
                Together.begin(() -> {
                    watchDoors();
                    return true;
                });
        try {
            for (int round = 0; round < rounds; round++) {
                round();
            }
        } finally {
            over = true;
        }
        Together.result(load);
        Together.result(doors);
        settle();
        assertThat(complaints).as("seed %d", seed).isEmpty();
        assertEverythingIsWhereItMust();
    }

    private void round() throws InterruptedException {
        int ill = random.nextInt(SERVERS);
        int other = (ill + 1 + random.nextInt(SERVERS - 1)) % SERVERS;
        strike(ill);
        nap(200, 1500);
        if (random.nextBoolean()) {
            strike(other);
        }
        if (random.nextInt(4) == 0) {
            program.kill();
            program = ServeProcess.start(data, SETTINGS);
        }
        nap(200, 1500);
        heal(ill);
        heal(other);
        nap(100, 1200);
    }

    private void strike(int number) throws InterruptedException {
        var server = servers.get(number);
        switch (random.nextInt(5)) {
            case 0 -> server.goDown(); // out of reach, but it keeps its meetings
            case 1 -> {
                server.goDown(); // crashed
                server.control().loseMeetings();
            }
            case 2 -> server.faults().add(FaultRule.parse("hang"));
            case 3 -> {
                server.goDown(); // restarted, quickly
                server.control().loseMeetings();
                nap(300, 900);
                server.comeUp();
            }
            default ->
                    server.faults()
                            .add(
                                    FaultRule.parse(
                                            List.of(
                                                            "html:502",
                                                            "truncate",
                                                            "garbage",
                                                            "create=lose-answer",
                                                            "drop")
                                                    .get(random.nextInt(5))));
        }
    }

    private void heal(int number) {
        servers.get(number).faults().clear();
        servers.get(number).comeUp();
    }

    /// The moment is what varies; nothing is waited for.
    private void nap(int least, int most) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(least + random.nextInt(most - least));
    }

    private void work(int worker) {
        var dice = new Random(seed * 31 + worker);
        while (!over) {
            String id = "room-%d-%d".formatted(worker, dice.nextInt(ROOMS));
            try {
                step(program.api(), id, dice);
            } catch (UncheckedIOException killed) {
                pause(); // the next program is coming up
            }
        }
    }

    private void step(Frontend api, String id, Random dice) {
        switch (dice.nextInt(10)) {
            case 0 -> end(api, id);
            case 1 -> api.info(id);
            case 2 -> assertThat(api.list().meetingIds()).doesNotHaveDuplicates();
            case 3, 4, 5 -> enter(api, id, dice);
            default -> create(api, id);
        }
        pause();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20); // a load that leaves the machine to the others, too
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void create(Frontend api, String id) {
        if (known.get(id) == Known.RUNS) {
            api.create(id); // as frontends do before each join
            return;
        }
        known.put(id, Known.UNSURE);
        if (api.create(id).succeeded()) {
            known.put(id, Known.RUNS);
        }
    }

    private void end(Frontend api, String id) {
        known.put(id, Known.UNSURE);
        if (api.end(id).succeeded()) {
            known.put(id, Known.ENDED);
        }
    }

    /// Joins, and sits there.
    private void enter(Frontend api, String id, Random dice) {
        var reply = api.join(id);
        servers.stream()
                .filter(server -> reply.location().startsWith(server.api().toString()))
                .findFirst()
                .filter(server -> server.control().meeting(id).isPresent())
                .ifPresent(server -> connect(server, id, dice));
    }

    private static void connect(SimulatedServer server, String id, Random dice) {
        try {
            if (dice.nextBoolean()) {
                server.control().connect(id, People.viewers(1));
            }
        } catch (IllegalArgumentException e) {
            // it ended in this moment
        }
    }

    /// Tries the doors of all meetings that must be there, again and again.
    private void watchDoors() throws InterruptedException {
        while (!over) {
            for (var entry : new TreeMap<>(known).entrySet()) {
                if (entry.getValue() == Known.RUNS) {
                    tryDoor(entry.getKey());
                } else {
                    closedSince.remove(entry.getKey());
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void tryDoor(String id) {
        if (isOpen(id) || known.get(id) != Known.RUNS) {
            closedSince.remove(id);
            return;
        }
        long since = closedSince.computeIfAbsent(id, _ -> System.nanoTime());
        if (System.nanoTime() - since > LONGEST_CLOSED) {
            complaints.add("nobody could join " + id + " for more than 20 s");
            closedSince.remove(id);
        }
    }

    private boolean isOpen(String id) {
        try {
            String location = program.api().join(id).location();
            return servers.stream()
                    .filter(server -> location.startsWith(server.api().toString()))
                    .anyMatch(server -> server.control().meeting(id).isPresent());
        } catch (UncheckedIOException killed) {
            return false;
        }
    }

    private void awaitOnline() {
        try (var admin = program.admin()) {
            for (int i = 0; i < SERVERS; i++) {
                String id = name(i);
                Together.until(
                        id + " is online",
                        () ->
                                admin.send(AdminRoutes.SERVERS_POLL, id, null, ServerView.class)
                                        .health()
                                        .equals("online"));
            }
        }
    }

    private void settle() {
        for (int i = 0; i < SERVERS; i++) {
            heal(i);
        }
        awaitOnline();
        // What was ended is given 15 s to die before it is ended once more.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(45);
        while (!doubled().isEmpty()) {
            assertThat(System.nanoTime())
                    .as("seed %d: %s run twice", seed, doubled())
                    .isLessThan(deadline);
            servers.forEach(SimulatedServer::tick);
            awaitOnline(); // which polls them
            pause();
        }
    }

    /// Meetings that run on more than one server, and where.
    private Map<String, List<String>> doubled() {
        var where = new TreeMap<String, List<String>>();
        for (int i = 0; i < SERVERS; i++) {
            for (var meeting : servers.get(i).control().meetings()) {
                where.computeIfAbsent(meeting.meetingId(), _ -> new ArrayList<>()).add(name(i));
            }
        }
        where.values().removeIf(list -> list.size() < 2);
        return where;
    }

    private void assertEverythingIsWhereItMust() throws InterruptedException {
        var api = program.api();
        var unknown = new ArrayList<String>();
        known.forEach((id, state) -> {
            if (state == Known.RUNS && !isOpen(id)) {
                unknown.add(id + ": " + api.join(id) + where(id) + "; runs before: " + history(id));
            }
        });
        assertThat(unknown).as("seed %d: confirmed, not ended, and gone", seed).isEmpty();
        // What is registered as running runs there, under the id that is registered.
        try (var admin = program.admin()) {
            for (var meeting :
                    admin.send(AdminRoutes.MEETINGS_LIST, "", null, MeetingView[].class)) {
                if (meeting.state().equals("confirmed")) {
                    var server =
                            servers.get(
                                    Integer.parseInt(meeting.server().substring("bbb".length())));
                    assertThat(server.control().meeting(meeting.id()))
                            .as("seed %d: %s on %s", seed, meeting.id(), meeting.server())
                            .hasValueSatisfying(running ->
                                    assertThat(running.internalId())
                                            .isEqualTo(meeting.internalId()));
                }
            }
        }
    }

    /// What became of its runs, as the balancer noted it.
    private String history(String id) {
        return TestDatabase.look(
                data,
                """
                SELECT STRING_AGG(run, ', ') FROM (
                    SELECT server_id || ' ' || reason AS run FROM ended_meetings
                    WHERE meeting_id = '%s' ORDER BY ended_at) AS runs
                """
                        .formatted(id));
    }

    private String where(String id) {
        var found = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            if (servers.get(i).control().meeting(id).isPresent()) {
                found.append(" on ").append(name(i));
            }
        }
        return found.toString();
    }

    /// Meetings that must be there; a run in which there are none would prove nothing.
    long running() {
        return known.values().stream().filter(state -> state == Known.RUNS).count();
    }

    @Override
    public void close() {
        over = true;
        program.close();
        servers.forEach(SimulatedServer::close);
    }
}
