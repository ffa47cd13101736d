// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Frontend.Reply;
import dev.plimsoll.testing.OwnPostgres;
import dev.plimsoll.testing.Receiver;
import dev.plimsoll.testing.TcpProxy;
import dev.plimsoll.testing.Together;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Two instances under load, of which one is killed or whose PostgreSQL goes away, round after round; then the question
/// whether all that was confirmed is there. What happens when is decided by the seed.
///
/// Nothing is excused but this: calls to an instance that is dead, and creates while the database is away, if they fail
/// in BBB's words.
final class Soak implements AutoCloseable {

    private static final int WORKERS =
            6; // each calls one instance, and opens and ends rooms of its own
    private static final int ROOMS = 8; // of each worker, at one time
    private static final int HOOKS = 4;
    private static final Duration TAKEN_OVER = Duration.ofSeconds(15);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    /// Servers tell again what was refused for as long as the database was away: first soon, then every half minute.
    private static final Duration TOLD_AGAIN = Duration.ofSeconds(100);

    private static final String FOLLOWING = "plimsoll_database_reach{reach=\"following\"} 1";
    private static final Pattern MEETING = Pattern.compile("external-meeting-id\":\"([^\"]+)\"");

    /// How the database goes away. In what other ways it may is seen to in [DatabaseAwayTest].
    enum Outage {
        /// PostgreSQL is stopped in order and started again.
        RESTARTED,
        /// Its processes are killed, but for the first, which starts them anew.
        CRASHED,
        /// All its processes stand still for a while, and go on.
        PAUSED,
        /// All connections are cut, again and again.
        CUT
    }

    /// What a frontend knows of a meeting.
    private sealed interface Known {
        /// @param instance that confirmed it
        record Runs(String internalId, int instance, long since) implements Known {}

        record Ended() implements Known {}

        /// Its last call was not answered, or not with success.
        record Unsure() implements Known {}
    }

    private final long seed;
    private final Random random;
    private final OwnPostgres postgres = OwnPostgres.start();
    private final List<TcpProxy> ways =
            List.of(TcpProxy.to(postgres.port()), TcpProxy.to(postgres.port()));
    private final Receiver receiver = Receiver.start();
    private final Pair pair;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final List<List<String>> rooms =
            Stream.generate(() -> (List<String>) new CopyOnWriteArrayList<String>())
                    .limit(WORKERS)
                    .toList();

    /// What receivers must hear of: each meeting, and when its create was answered.
    private final Map<String, Long> opened = new ConcurrentHashMap<>();

    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong slowestVisit = new AtomicLong();
    private int round;
    private volatile boolean over;
    private volatile int dead = -1;
    private volatile boolean away;
    private volatile long struckAt;

    Soak(long seed, Path directory) {
        this.seed = seed;
        this.random = new Random(seed);
        postgres.create("shared");
        pair =
                new Pair(
                        directory,
                        i ->
                                "postgresql://postgres@127.0.0.1:%d/shared"
                                        .formatted(ways.get(i).port()));
        for (int i = 0; i < HOOKS; i++) {
            var made =
                    pair.api(i % 2)
                            .call(
                                    "hooks/create",
                                    "callbackURL",
                                    receiver.url() + "/" + i,
                                    "eventID",
                                    "meeting-created");
            assertThat(made.succeeded()).as(made.body()).isTrue();
        }
        Together.until(
                "the hooks are registered",
                () -> pair.servers().stream().noneMatch(s -> s.control().hooks().isEmpty()));
    }

    /// Kills the one and the other in turn; each time, what it did must be taken over in time.
    void playKills(int rounds) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            begin();
            int victim = i % 2;
            var load = beginLoad();
            nap(200, 1200);
            dead = victim;
            struckAt = System.nanoTime();
            pair.kill(victim);
            var takenOver = awaitTakeOver();
            pair.startAgain(victim);
            dead = -1;
            finish(load);
            awaitTold(TAKEN_OVER);
            report(Pair.name(victim) + " killed, taken over", takenOver);
        }
    }

    /// Lets the database go away in each way in turn.
    ///
    /// @param pause how long it stands still
    void playOutages(int rounds, Duration pause) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            begin();
            var outage = Outage.values()[i % Outage.values().length];
            var load = beginLoad();
            nap(1500, 2500);
            struckAt = System.nanoTime();
            away = true;
            strike(outage, pause);
            long mended = System.nanoTime();
            awaitRecovery();
            var recovered = Duration.ofNanos(System.nanoTime() - mended);
            away = false;
            nap(300, 1000);
            finish(load);
            report(outage + ", recovered", recovered);
        }
        awaitTold(TOLD_AGAIN);
    }

    private void begin() {
        round++;
        calls.set(0);
        slowestVisit.set(0);
    }

    private Future<Boolean> beginLoad() {
        over = false;
        return Together.begin(() -> {
            Together.all(
                    WORKERS,
                    worker -> {
                        work(worker);
                        return worker;
                    });
            return true;
        });
    }

    private void finish(Future<Boolean> load) {
        over = true;
        Together.result(load);
        assertThat(complaints).as(this::where).isEmpty();
        check();
    }

    private String where() {
        return "seed %d, round %d; a: %s b: %s"
                .formatted(seed, round, pair.program(0).output(), pair.program(1).output());
    }

    private void report(String what, Duration time) {
        System.out.printf(
                "seed %d, round %d: %s after %.1f s; %d calls, slowest visit %d ms, %d meetings%n",
                seed,
                round,
                what,
                time.toMillis() / 1e3,
                calls.get(),
                slowestVisit.get() / 1_000_000,
                known.size());
    }

    /// The moment is what varies; nothing is waited for.
    private void nap(int least, int most) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(least + random.nextInt(most - least));
    }

    private void work(int worker) {
        var dice = new Random((seed * 1000 + round) * 31 + worker);
        int instance = worker % 2;
        var own = rooms.get(worker);
        for (int i = 0; !over; i++) {
            if (dice.nextInt(4) == 0) {
                create(instance, "room-%d-%d-%d".formatted(round, worker, i), own);
            } else if (own.size() > ROOMS) {
                end(instance, own.removeFirst());
            } else {
                visit(instance, rooms.get(dice.nextInt(WORKERS)), dice);
            }
            pause();
        }
    }

    private static void pause() {
        await(Duration.ofMillis(25)); // a load that leaves the machine to the others, too
    }

    private static void await(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The answer, if there is one; there must be, unless the instance is dead.
    private Optional<Reply> call(int instance, String what, Function<Frontend, Reply> call) {
        boolean wasDead = dead == instance;
        try {
            calls.incrementAndGet();
            return Optional.of(call.apply(pair.api(instance)));
        } catch (UncheckedIOException e) {
            if (!wasDead && dead != instance) {
                complain(instance, what, e.toString());
            }
            while (dead == instance && !over) {
                pause();
            }
            return Optional.empty();
        }
    }

    private void complain(int instance, String what, String answer) {
        complaints.add(
                "%s at %s, %d ms after the strike%s: %s"
                        .formatted(
                                what,
                                Pair.name(instance),
                                (System.nanoTime() - struckAt) / 1_000_000,
                                away ? ", database away" : "",
                                answer));
    }

    private void create(int instance, String id, List<String> own) {
        boolean wasAway = away;
        known.put(id, new Known.Unsure());
        long begun = System.nanoTime();
        var reply = call(instance, "create " + id, api -> api.create(id));
        if (reply.isPresent() && System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(6500)) {
            complain(instance, "create " + id, "took longer than 6.5 s");
        }
        if (reply.filter(Reply::succeeded).isPresent()) {
            long now = System.nanoTime();
            known.put(id, new Known.Runs(reply.get().text("internalMeetingID"), instance, now));
            own.add(id);
            opened.put(id, now);
        } else if (reply.isPresent() && (wasAway || away) && saysAway(reply.get())) {
            await(MOMENT.dividedBy(2)); // a person would, too
        } else {
            reply.ifPresent(failed -> complain(instance, "create " + id, failed.body()));
        }
    }

    private static boolean saysAway(Reply reply) {
        return reply.status() == 200
                && reply.key().equals("internalError")
                && reply.text("message").contains("nothing can be opened or changed just now");
    }

    private void end(int instance, String id) {
        known.put(id, new Known.Unsure());
        var reply = call(instance, "end " + id, api -> api.end(id));
        if (reply.filter(Reply::succeeded).isPresent()) {
            known.put(id, new Known.Ended());
        } else {
            reply.ifPresent(failed -> complain(instance, "end " + id, failed.body()));
        }
    }

    /// Joins a meeting of anybody's, or asks for it: what one instance confirmed is known to both.
    private void visit(int instance, List<String> rooms, Random dice) {
        var some = List.copyOf(rooms);
        if (some.isEmpty()) {
            return;
        }
        String id = some.get(dice.nextInt(some.size()));
        if (known.get(id) instanceof Known.Runs seen) {
            long begun = System.nanoTime();
            boolean joins = dice.nextBoolean();
            String what = (joins ? "join " : "info ") + id;
            var reply = call(instance, what, api -> joins ? api.join(id) : api.info(id));
            long took = System.nanoTime() - begun;
            if (reply.isPresent()) {
                slowestVisit.accumulateAndGet(took, Math::max);
                if (took > TimeUnit.SECONDS.toNanos(4)) {
                    complain(instance, what, "took longer than 4 s");
                }
            }
            reply.filter(answer -> !isRight(answer, seen, id) && seen.equals(known.get(id)))
                    .filter(_ -> !isNews(seen, instance))
                    .ifPresent(answer -> complain(instance, what, answer.toString()));
        }
    }

    private boolean isRight(Reply reply, Known.Runs seen, String id) {
        return reply.location().isEmpty()
                ? reply.succeeded() && reply.text("internalMeetingID").equals(seen.internalId())
                : leadsToIt(reply, id);
    }

    private boolean leadsToIt(Reply reply, String id) {
        return pair.running(id).stream()
                .anyMatch(server -> reply.location().startsWith(server.api() + "join?"));
    }

    /// Whether the other instance confirmed it so shortly before the database went away that this one may not know.
    private boolean isNews(Known.Runs seen, int instance) {
        return away && seen.instance() != instance && seen.since() > struckAt - MOMENT.toNanos();
    }

    /// The one that lives polls all servers, and what is opened from now on is told to all receivers.
    private Duration awaitTakeOver() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(300); // what the dead one asked for has arrived by now
        var before = polls();
        TimeUnit.MILLISECONDS.sleep(MOMENT.toMillis());
        var since =
                opened.entrySet().stream()
                        .filter(entry -> entry.getValue() > struckAt)
                        .map(Map.Entry::getKey)
                        .toList();
        assertThat(since).as("meetings that the test is about").isNotEmpty();
        Together.until(
                "polls and webhooks are taken over",
                TAKEN_OVER.minusNanos(System.nanoTime() - struckAt),
                () -> {
                    await(Duration.ofMillis(100)); // what is looked through are many messages
                    return isPolled(before) && untold(since).isEmpty();
                },
                () ->
                        "%s, then %s; untold: %s; %s"
                                .formatted(before, polls(), untold(since), where()));
        return Duration.ofNanos(System.nanoTime() - struckAt);
    }

    /// How often each server was asked for its meetings; the load does not.
    private List<Long> polls() {
        return pair.servers().stream().map(s -> s.control().calls("getMeetings")).toList();
    }

    private boolean isPolled(List<Long> before) {
        var now = polls();
        return IntStream.range(0, Pair.SERVERS).allMatch(i -> now.get(i) >= before.get(i) + 2);
    }

    /// Which of the meetings some receiver has not heard of.
    private List<String> untold(Iterable<String> ids) {
        var heard = ConcurrentHashMap.<String>newKeySet();
        for (var message : receiver.messages()) {
            var named = MEETING.matcher(message.form().get("event", ""));
            if (named.find()) {
                heard.add(message.uri().charAt(1) + named.group(1));
            }
        }
        var untold = new ArrayList<String>();
        for (String id : ids) {
            if (IntStream.range(0, HOOKS).anyMatch(hook -> !heard.contains(hook + id))) {
                untold.add(id);
            }
        }
        return untold;
    }

    /// Every meeting whose create was answered is told of, whoever heard of it first and whoever died since.
    private void awaitTold(Duration within) {
        Together.until(
                "all is told",
                within,
                () -> {
                    await(Duration.ofMillis(100));
                    return untold(opened.keySet()).isEmpty();
                },
                () -> untold(opened.keySet()) + where());
        receiver.forget();
        opened.clear();
    }

    private void strike(Outage outage, Duration pause) throws InterruptedException {
        switch (outage) {
            case RESTARTED -> {
                postgres.stop();
                awaitNotReady();
                postgres.startAgain();
            }
            case CRASHED -> postgres.crash();
            case PAUSED -> {
                postgres.pause();
                awaitNotReady();
                long left = pause.toNanos() - (System.nanoTime() - struckAt);
                TimeUnit.NANOSECONDS.sleep(left);
                postgres.goOn();
            }
            case CUT -> {
                for (int i = 0; i < 10; i++) {
                    ways.forEach(TcpProxy::cut);
                    nap(50, 500);
                }
            }
        }
    }

    /// Both say so; from then on creates fail at once.
    private void awaitNotReady() {
        for (int i = 0; i < 2; i++) {
            int instance = i;
            Together.until(
                    "readiness says so",
                    Duration.ofSeconds(8),
                    () -> {
                        var ready = pair.page(instance, "/health/ready");
                        return ready.status() == 503
                                && ready.body().contains("database does not answer");
                    },
                    this::where);
            long begun = System.nanoTime();
            var reply = pair.api(instance).create("not-now");
            assertThat(saysAway(reply)).as(reply.body()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(MOMENT);
            assertThat(pair.page(instance, "/health/live").status()).isEqualTo(200);
        }
    }

    private void awaitRecovery() {
        for (int i = 0; i < 2; i++) {
            int instance = i;
            String probe = "probe-%d-%d".formatted(round, instance);
            Together.until(
                    "it is ready, trusts its memory and opens meetings",
                    Duration.ofSeconds(20),
                    () ->
                            pair.page(instance, "/health/ready").status() == 200
                                    && pair.page(instance, "/metrics").body().contains(FOLLOWING)
                                    && pair.api(instance).create(probe).succeeded(),
                    this::where);
            assertThat(pair.api(instance).end(probe).succeeded()).isTrue();
        }
    }

    private void check() {
        known.keySet().removeIf(this::isEndedEverywhere);
        known.replaceAll((id, state) -> state instanceof Known.Unsure ? again(id) : state);
        known.forEach((id, state) -> {
            if (state instanceof Known.Runs(String internalId, _, _)) {
                Together.until(
                        id + " runs once",
                        TAKEN_OVER,
                        () -> pair.running(id).size() == 1,
                        this::where);
                expect(id, internalId, pair.running(id).getFirst());
            }
        });
    }

    private void expect(String id, String internalId, SimulatedServer server) {
        assertThat(server.control().meeting(id).orElseThrow().internalId())
                .as("%s; %s", id, where())
                .isEqualTo(internalId);
        for (int instance = 0; instance < 2; instance++) {
            var api = pair.api(instance);
            var info = api.info(id);
            assertThat(info.text("internalMeetingID"))
                    .as("%s at %s: %s; %s", id, Pair.name(instance), info.body(), where())
                    .isEqualTo(internalId);
            assertThat(api.join(id).location()).as(id).startsWith(server.api() + "join?");
        }
    }

    /// What was ended while it could not be noted is forgotten with the next poll.
    private boolean isEndedEverywhere(String id) {
        if (known.get(id) instanceof Known.Ended) {
            Together.until(
                    id + " has ended",
                    TAKEN_OVER,
                    () ->
                            IntStream.range(0, 2)
                                    .noneMatch(i -> leadsSomewhere(pair.api(i).join(id))),
                    this::where);
            return true;
        }
        return false;
    }

    private boolean leadsSomewhere(Reply reply) {
        return pair.servers().stream()
                .anyMatch(server -> reply.location().startsWith(server.api() + "join?"));
    }

    /// What was in flight can be created at once, at either.
    private Known again(String id) {
        long begun = System.nanoTime();
        int instance = random.nextInt(2);
        var reply = pair.api(instance).create(id);
        assertThat(reply.succeeded()).as("%s: %s; %s", id, reply.body(), where()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("to create %s again", id)
                .isLessThan(Duration.ofSeconds(5));
        rooms.get(instance).add(id);
        return new Known.Runs(reply.text("internalMeetingID"), instance, System.nanoTime());
    }

    @Override
    public void close() {
        over = true;
        pair.close();
        receiver.close();
        ways.forEach(TcpProxy::close);
        postgres.close();
    }
}
