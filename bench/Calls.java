// SPDX-License-Identifier: Apache-2.0
import dev.plimsoll.bbb.Params;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Each call of the API next to its limit, in interleaved rounds.
final class Calls {

    private static final int SERVERS = 4;
    private static final int ROOMS = 200;
    private static final int CALLERS = 64;

    /// What a bare proxy took for a call, in µs of CPU, on the quietest night that was measured (b71cdfc). The aims are
    /// held against what a program would take on such a machine: the same code took twice as much on others.
    private static final double PROXY_MICROS = 44;

    /// More new meetings than any round can open, so that none is asked for twice.
    private static final int NEW = 30_000;

    /// The part of the CPU below which the compilers are taken to be done.
    private static final double WARM = 0.05;

    /// On a busy machine they may not get done in any time.
    private static final int MOST_TURNS = 15;

    /// What is asked of us, and in which way of the bare handler.
    private record Question(String call, Params params, String bare) {

        static Question of(String call, Params params) {
            return new Question(call, params, call.equals("join") ? "join" : "proxy");
        }

        String ours() {
            return Site.path(call, params);
        }

        String limit(Function<String, Integer> where) {
            return bare.equals("join") ? ours() : Site.signed("/%s/%d/".formatted(bare, where.apply(params.get("meetingID", ""))), call, params);
        }
    }

    /// What is measured.
    ///
    /// @param aim for the CPU per request, in µs; 0 for none
    /// @param limit what the ratio compares with
    private record Row(String name, int callers, double aim, String limit, Supplier<List<Question>> questions) {}

    private record Round(Wrk.Measured ours, Wrk.Measured limit) {

        double throughput() {
            return ours.perSecond() / limit.perSecond();
        }

        double time() {
            return ours.p50Millis() / limit.p50Millis();
        }
    }

    private final Site site;
    private final Random random = new Random(9);
    private final List<Row> rows =
            List.of(
                    new Row("join", CALLERS, 30, "bare handler", () -> rooms(this::join)),
                    new Row("isMeetingRunning", CALLERS, 80, "bare proxy", () -> rooms(id -> named("isMeetingRunning", id))),
                    new Row("getMeetingInfo, of 200 meetings", CALLERS, 80, "bare proxy", () -> rooms(id -> named("getMeetingInfo", id))),
                    new Row("getMeetingInfo, of one meeting", CALLERS, 80, "bare proxy", () -> List.of(named("getMeetingInfo", "room-1"))),
                    new Row("create, running meeting", CALLERS, 100, "bare proxy", () -> rooms(id -> create(id, "proxy"))),
                    new Row("create, new meeting", CALLERS, 500, "commit, bare proxy", this::newMeetings),
                    // After the other, which makes the compilers work: one caller would take minutes for that.
                    new Row("create, new meeting, one caller", 1, 500, "commit, bare proxy", this::newMeetings),
                    new Row("getMeetings, 200 meetings", CALLERS, 500, "bare proxy, 50", () -> List.of(named("getMeetings", "room-1"))),
                    new Row("Monday at nine", CALLERS, 0, "the same, bare", this::mix));

    private final Map<Row, List<Round>> found = new LinkedHashMap<>();
    private Map<String, Integer> where = Map.of();
    private int made;

    private Calls(Site site) {
        this.site = site;
    }

    /// Measures on one engine, and gives the section of the report.
    static String measure(Site.Engine engine, int rounds, double seconds, String only) throws Exception {
        try (var site = new Site(engine, SERVERS, Map.of())) {
            site.startBare();
            var calls = new Calls(site);
            calls.open();
            var rows = calls.rows.stream().filter(row -> row.name.contains(only)).toList();
            calls.warmUp(rows);
            calls.play(rows, rounds, seconds);
            if (!site.isSound()) {
                throw new IllegalStateException("something died; the numbers mean nothing; see target/bench.log");
            }
            calls.checkRooms();
            return calls.report();
        }
    }

    private void open() throws Exception {
        site.open(0, ROOMS);
        where = site.meetings();
    }

    /// What was asked for all the time must have run all the time, and on the servers that the limit asked.
    private void checkRooms() throws Exception {
        if (!site.meetings().entrySet().containsAll(where.entrySet())) {
            throw new IllegalStateException("the meetings are not those of the beginning; the numbers mean nothing");
        }
    }

    /// A JVM compiles what is used often, which takes a minute of CPU and is spread over the first minutes. What is
    /// measured is what a program takes that has been up for longer.
    private void warmUp(List<Row> rows) throws Exception {
        for (Row row : rows) {
            for (int turn = 1; turn <= MOST_TURNS; turn++) {
                var one = play(row, 4);
                double compiling = Math.max(one.ours.compiling(), one.limit.compiling());
                System.out.printf("%s, warming up, %s: %.0f %% of the CPU for compiling%n", site.engine.title, row.name, 100 * compiling);
                if (compiling < WARM) {
                    break;
                }
            }
        }
    }

    private void play(List<Row> rows, int rounds, double seconds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (Row row : rows) {
                var one = play(row, seconds);
                found.computeIfAbsent(row, _ -> new ArrayList<>()).add(one);
                System.out.printf("%s, round %d, %s: %s; limit %s%n", site.engine.title, round + 1, row.name, text(one.ours), text(one.limit));
            }
        }
    }

    private static String text(Wrk.Measured one) {
        return "%.0f/s, %.1f µs, %.0f %% of it compilers, p50 %.2f, p99 %.2f ms"
                .formatted(one.perSecond(), one.cpuMicros(), 100 * one.compiling(), one.p50Millis(), one.p99Millis());
    }

    private Round play(Row row, double seconds) throws Exception {
        var asked = row.questions.get().stream().map(Question::ours).toList();
        var ours = Wrk.run(site.ports(), asked, row.callers, seconds, site.instances());
        var bare = row.questions.get().stream().map(question -> question.limit(this::server)).toList();
        var limit = Wrk.run(site.barePorts(), bare, row.callers, seconds, site.bare());
        if (made > 0) {
            if (row.name.contains("new") && ours.requests() > NEW) {
                throw new IllegalStateException("all new meetings were used up");
            }
            endNewOnes();
            made = 0;
        }
        return new Round(ours, limit);
    }

    /// Else each round would find a fuller pool than the one before.
    private void endNewOnes() throws Exception {
        var all = site.meetings();
        try (var threads = Executors.newFixedThreadPool(16)) {
            all.forEach((id, port) -> {
                if (id.startsWith("new-")) {
                    threads.submit(() -> {
                        var end = Params.of("meetingID", id, "password", "mp");
                        if (!site.ask("end", end).contains("SUCCESS")) {
                            Site.get("http://127.0.0.1:" + port + Site.path("end", end));
                        }
                        return null;
                    });
                }
            });
        }
    }

    private int server(String meeting) {
        return where.getOrDefault(meeting, site.port(Math.floorMod(meeting.hashCode(), SERVERS)));
    }

    private static List<Question> rooms(Function<String, Question> question) {
        return IntStream.range(0, ROOMS).mapToObj(i -> question.apply("room-" + i)).toList();
    }

    private Question join(String id) {
        return Question.of("join", Params.of("fullName", "Ada Lovelace", "meetingID", id, "role", "VIEWER"));
    }

    private static Question named(String call, String id) {
        return Question.of(call, Params.of("meetingID", id));
    }

    private static Question create(String id, String bare) {
        return new Question("create", Params.of("name", "Benchmark", "meetingID", id, "attendeePW", "ap", "moderatorPW", "mp"), bare);
    }

    private Question newMeeting() {
        return create("new-" + Long.toHexString(random.nextLong()) + "-" + made++, "commit");
    }

    private List<Question> newMeetings() {
        return IntStream.range(0, NEW).mapToObj(_ -> newMeeting()).toList();
    }

    /// What frontends do when lessons begin: they look whether the meeting runs, create it again before each join,
    /// and some are the first.
    private List<Question> mix() {
        var mix = new ArrayList<Question>();
        for (int i = 0; i < NEW; i++) {
            String id = "room-" + random.nextInt(ROOMS);
            int dice = random.nextInt(100);
            mix.add(dice < 50 ? join(id)
                    : dice < 75 ? create(id, "proxy")
                    : dice < 90 ? named("isMeetingRunning", id)
                    : dice < 98 ? named("getMeetingInfo", id)
                    : newMeeting());
        }
        Collections.shuffle(mix, random);
        return mix;
    }

    private String report() throws Exception {
        double proxy = proxyMicros();
        var text = new StringBuilder();
        text.append("\n## Calls on %s\n\n".formatted(site.engine.title));
        text.append("%d servers, %d running meetings; %d callers where not said otherwise. A bare proxy took %.0f µs of CPU for a call;\n\"scaled\" is the CPU on a machine where it takes %.0f.\n\n".formatted(SERVERS, ROOMS, CALLERS, proxy, PROXY_MICROS));
        text.append("| Call | per second | p50 ms | p99 ms | CPU µs | scaled | its aim | limit: per second | p50 ms | CPU µs | ratio (spread) |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
        found.forEach((row, rounds) -> {
            boolean latency = row.callers == 1;
            double cpu = median(rounds, round -> round.ours.cpuMicros());
            ToDoubleFunction<Round> ratio = latency ? Round::time : Round::throughput;
            text.append("| %s | %.0f | %.2f | %.1f | %.0f | **%.0f** | %s | %s: %.0f | %.2f | %.0f | **%.2f** (%.2f–%.2f)%s |\n".formatted(
                    row.name,
                    median(rounds, round -> round.ours.perSecond()),
                    median(rounds, round -> round.ours.p50Millis()),
                    median(rounds, round -> round.ours.p99Millis()),
                    cpu,
                    cpu * PROXY_MICROS / proxy,
                    row.aim == 0 ? "" : "%.0f".formatted(row.aim),
                    row.limit,
                    median(rounds, round -> round.limit.perSecond()),
                    median(rounds, round -> round.limit.p50Millis()),
                    median(rounds, round -> round.limit.cpuMicros()),
                    median(rounds, ratio),
                    rounds.stream().mapToDouble(ratio).min().orElseThrow(),
                    rounds.stream().mapToDouble(ratio).max().orElseThrow(),
                    latency ? " of the time" : ""));
        });
        text.append("\nResident after it: ");
        var resident = new ArrayList<String>();
        for (Program instance : site.instances()) {
            resident.add(instance.resident() + " MB");
        }
        return text.append(String.join(", ", resident)).append(".\n").toString();
    }

    /// For a call with a short answer; NaN when none was measured.
    private double proxyMicros() {
        var proxies = found.entrySet().stream()
                .filter(measured -> measured.getKey().limit.equals("bare proxy"))
                .flatMap(measured -> measured.getValue().stream())
                .toList();
        return proxies.isEmpty() ? Double.NaN : median(proxies, round -> round.limit.cpuMicros());
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> what) {
        double[] sorted = rounds.stream().mapToDouble(what).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
