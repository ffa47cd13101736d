// SPDX-License-Identifier: Apache-2.0
import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Simulated servers and instances of the balancer before them, started anew for each measurement.
final class Site implements AutoCloseable {

    static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static final int SERVERS = 20_000;
    private static final int INSTANCES = 18_110;
    private static final int BARE = 18_103;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// What the database is, and how many share it.
    enum Engine {
        SQLITE("SQLite", 1),
        POSTGRES("PostgreSQL", 1),
        POSTGRES_TWO("PostgreSQL, two instances", 2);

        final String title;
        final int instances;

        Engine(String title, int instances) {
            this.title = title;
            this.instances = instances;
        }
    }

    final Engine engine;
    private final int servers;
    private final Map<String, String> settings;
    private final Path data = Files.createTempDirectory("plimsoll-bench");
    private final List<Program> simulators = new ArrayList<>();
    private final List<Program> instances = new ArrayList<>();
    private final EmbeddedPostgres postgres;
    private Program bare;

    /// Starts everything, and waits until all servers are online.
    ///
    /// @param settings of the instances, by the names of environment variables
    Site(Engine engine, int servers, Map<String, String> settings) throws Exception {
        this.engine = engine;
        this.servers = servers;
        this.settings = settings;
        int perProcess = 250;
        for (int first = 0; first < servers; first += perProcess) {
            int some = Math.min(perProcess, servers - first);
            simulators.add(Program.bench("Servers", "1500m", "" + (SERVERS + first), "" + some));
        }
        for (int i = 0; i < servers; i++) {
            await(server(i));
        }
        var list = new ArrayList<String>();
        for (int i = 0; i < servers; i++) {
            list.add("{\"host\": \"http://127.0.0.1:%d\", \"secret\": \"%s\", \"id\": \"s%04d\"}".formatted(port(i), SECRET, i));
        }
        Files.writeString(data.resolve("servers.json"), "[" + String.join(",\n", list) + "]");
        postgres = engine == Engine.SQLITE ? null : EmbeddedPostgres.builder().setServerConfig("max_connections", "60").start();
        for (int i = 0; i < engine.instances; i++) {
            instances.add(instance(i, "serve", "--servers", data.resolve("servers.json").toString()));
        }
        for (int i = 0; i < engine.instances; i++) {
            await("http://127.0.0.1:%d/bigbluebutton/api".formatted(INSTANCES + i));
        }
        awaitServers();
    }

    private Program instance(int number, String... words) throws IOException {
        var environment = new HashMap<>(settings);
        environment.put("PLIMSOLL_DATA", data.resolve("data-" + number).toString());
        environment.put("PLIMSOLL_SECRET", SECRET);
        environment.put("PLIMSOLL_HTTP_PORT", "" + (INSTANCES + number));
        if (engine == Engine.SQLITE) {
            environment.put("PLIMSOLL_DATABASE_URL", "sqlite:" + data.resolve("plimsoll.db"));
        } else {
            environment.put("PLIMSOLL_DATABASE_URL", "postgresql://postgres@127.0.0.1:%d/postgres".formatted(postgres.getPort()));
        }
        return Program.plimsoll(environment, words);
    }

    /// The limit to compare with, on the same kind of database.
    void startBare() throws Exception {
        String url = engine == Engine.SQLITE ? "jdbc:sqlite:" + data.resolve("bare.db") : postgres.getJdbcUrl("postgres", "postgres");
        bare = Program.bench("Bare", "192m", "" + BARE, url);
        await("http://127.0.0.1:" + BARE + signed("/bigbluebutton/api/", "join", Params.of("meetingID", "x")));
    }

    /// Ends the first instance as a power cut does, starts it anew as a systemd unit does, and says after how many seconds it answered.
    double restart() throws Exception {
        instances.getFirst().kill();
        long start = System.nanoTime();
        instances.set(0, instance(0, "serve"));
        while (!isListening()) {
            Thread.sleep(2); // how finely the start is measured
        }
        get("http://127.0.0.1:%d/bigbluebutton/api".formatted(INSTANCES));
        return (System.nanoTime() - start) / 1e9;
    }

    /// As cheap as can be: the CPU that a refused request takes here is missing there.
    private static boolean isListening() throws IOException {
        try (var _ = new Socket("127.0.0.1", INSTANCES)) {
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private void awaitServers() throws Exception {
        for (int i = 0; i < 600; i++) {
            if (number("plimsoll_server_online(?:\\{[^}]*})? 1.0") >= servers) {
                return;
            }
            Thread.sleep(100); // between two looks; nothing is measured yet
        }
        throw new IllegalStateException("not all servers are online; see target/bench.log");
    }

    /// How many lines of the first instance's metrics match.
    private long number(String pattern) throws Exception {
        return Pattern.compile(pattern).matcher(metrics(0)).results().count();
    }

    /// The sum of a metric's values, over all instances.
    double sum(String name) throws Exception {
        double sum = 0;
        for (int i = 0; i < instances.size(); i++) {
            var lines = Pattern.compile("(?m)^" + name + " ([0-9.Ee+]+)$").matcher(metrics(i));
            while (lines.find()) {
                sum += Double.parseDouble(lines.group(1));
            }
        }
        return sum;
    }

    private String metrics(int instance) throws Exception {
        Path token = data.resolve("data-" + instance).resolve("admin-token");
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(INSTANCES + instance)))
                        .header("Authorization", "Bearer " + Files.readString(token).strip())
                        .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    List<Integer> ports() {
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < instances.size(); i++) {
            ports.add(INSTANCES + i);
        }
        return ports;
    }

    List<Program> instances() {
        return instances;
    }

    List<Integer> barePorts() {
        return List.of(BARE);
    }

    List<Program> bare() {
        return List.of(bare);
    }

    boolean isSound() {
        return simulators.stream().allMatch(Program::isAlive) && instances.stream().allMatch(Program::isAlive);
    }

    /// Which server runs what: asked of the servers themselves.
    Map<String, Integer> meetings() throws Exception {
        var where = new HashMap<String, Integer>();
        for (int i = 0; i < servers; i++) {
            String list = get("http://127.0.0.1:" + port(i) + signed("/bigbluebutton/api/", "getMeetings", Params.of("a", "b")));
            var ids = Pattern.compile("<meetingID>([^<]+)</meetingID>").matcher(list);
            while (ids.find()) {
                where.put(ids.group(1), port(i));
            }
        }
        return where;
    }

    /// Opens `room-from` to the one before `room-to`, by sixteen callers.
    void open(int from, int to) throws Exception {
        var failures = new AtomicInteger();
        var turns = new Semaphore(16);
        for (int i = from; i < to; i++) {
            String id = "room-" + i;
            turns.acquire();
            Thread.startVirtualThread(() -> {
                try {
                    // BBB: a meeting that nobody joined ends after five minutes
                    var create = Params.of("name", "Benchmark", "meetingID", id, "attendeePW", "ap", "moderatorPW", "mp", "meetingExpireIfNoUserJoinedInMinutes", "600");
                    if (!ask("create", create).contains("SUCCESS")) {
                        failures.incrementAndGet();
                    }
                } catch (Exception e) {
                    failures.incrementAndGet();
                } finally {
                    turns.release();
                }
            });
        }
        turns.acquire(16);
        if (failures.get() > 0) {
            throw new IllegalStateException(failures + " creates failed");
        }
    }

    int port(int server) {
        return SERVERS + server;
    }

    int servers() {
        return servers;
    }

    private String server(int i) {
        return "http://127.0.0.1:" + port(i) + "/bigbluebutton/api";
    }

    /// The answer of the first instance.
    String ask(String call, Params params) throws Exception {
        return get("http://127.0.0.1:" + INSTANCES + path(call, params));
    }

    /// What callers send us.
    static String path(String call, Params params) {
        return signed("/bigbluebutton/api/", call, params);
    }

    static String signed(String folder, String call, Params params) {
        return folder + call + "?" + Checksum.signed(Checksum.Algorithm.SHA256, call, params.query(), new Secret(SECRET));
    }

    static String get(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private static void await(String url) throws Exception {
        for (int i = 0; i < 600; i++) {
            try {
                get(url);
                return;
            } catch (IOException e) {
                Thread.sleep(100); // between two looks; nothing is measured yet
            }
        }
        throw new IllegalStateException("nothing answers at " + url + "; see target/bench.log");
    }

    @Override
    public void close() throws Exception {
        for (Program instance : instances) {
            instance.close();
        }
        if (bare != null) {
            bare.close();
        }
        for (Program simulator : simulators) {
            simulator.kill();
        }
        if (postgres != null) {
            postgres.close();
        }
        try (var files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
