// SPDX-License-Identifier: Apache-2.0
import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What `make bench` runs: joins per second through the balancer, next to a bare handler of the same HTTP server that
/// does the same two digests. Both run in processes of their own with the flags that we ship; rounds are interleaved,
/// medians are reported, and the ratio is what counts: these machines are noisy.
public class Bench {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final int SECONDS = Integer.parseInt(System.getenv().getOrDefault("BENCH_SECONDS", "6"));
    private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("BENCH_ROUNDS", "5"));
    private static final int CONNECTIONS = 64;
    private static final List<Process> STARTED = new ArrayList<>();

    /// @param perSecond requests
    /// @param cpuMicros of the server, per request
    private record Measured(double perSecond, double p99Millis, double cpuMicros) {}

    public static void main(String[] args) throws Exception {
        Path data = Files.createTempDirectory("plimsoll-bench");
        try {
            var simulator = start(Map.of(), "./plimsoll", "simulator", "--port", "18101", "--secret-file", secretFile(data));
            await("http://127.0.0.1:18101/bigbluebutton/api");
            Path servers = Files.writeString(data.resolve("servers.json"), "[{\"host\": \"http://127.0.0.1:18101\", \"secret\": \"" + SECRET + "\"}]");
            var balancer =
                    start(
                            Map.of("PLIMSOLL_DATA", data.resolve("data").toString(), "PLIMSOLL_SECRET", SECRET, "PLIMSOLL_HTTP_PORT", "18102"),
                            "./plimsoll", "serve", "--servers", servers.toString());
            var bare = start(Map.of(), java(), "-XX:+UseSerialGC", "-Xmn16m", "-Xmx256m", "--class-path", System.getProperty("java.class.path"), "bench/BareHandler.java", "18103");
            await("http://127.0.0.1:18102/bigbluebutton/api");
            await("http://127.0.0.1:18103/x?a=b&checksum=00");
            create();
            String query = Checksum.signed(Checksum.Algorithm.SHA256, "join", Params.of("fullName", "Ada Lovelace", "meetingID", "bench-1", "role", "VIEWER").query(), new Secret(SECRET));
            String join = "http://127.0.0.1:18102/bigbluebutton/api/join?" + query;
            String limit = "http://127.0.0.1:18103/bigbluebutton/api/join?" + query;
            measure(join, balancer, 5); // the compilers need some seconds of work
            measure(limit, bare, 5);
            var joins = new ArrayList<Measured>();
            var limits = new ArrayList<Measured>();
            for (int round = 0; round < ROUNDS; round++) {
                joins.add(measure(join, balancer, SECONDS));
                limits.add(measure(limit, bare, SECONDS));
                System.out.printf("round %d: join %.0f/s, bare handler %.0f/s%n", round + 1, joins.getLast().perSecond, limits.getLast().perSecond);
            }
            report(joins, limits, resident(balancer), simulator.isAlive());
        } finally {
            STARTED.forEach(Process::destroy);
            for (Process process : STARTED) {
                process.waitFor();
            }
            try (var files = Files.walk(data)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void report(List<Measured> joins, List<Measured> limits, long residentKb, boolean sound) throws IOException {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < joins.size(); i++) {
            ratios.add(joins.get(i).perSecond / limits.get(i).perSecond);
        }
        ratios.sort(null);
        String page =
                """
                # What was measured

                Written by `make bench`; the newest run. %d CPUs, Java %s, %s. wrk, %d connections, on the same machine as
                what it measures; %d interleaved rounds of %d s, medians. Read the ratio, not the numbers.

                | What | per second | p99 ms | CPU of the server, µs per request |
                |---|---|---|---|
                | join through the balancer (302 from memory) | %.0f | %.1f | %.1f |
                | bare handler of the same HTTP server, same two digests | %.0f | %.1f | %.1f |

                **Ratio %.2f** (rounds: %s; the aim is 0.8). The balancer was %d MB resident after it.
                """
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                Runtime.version(),
                                System.getProperty("os.name") + " " + System.getProperty("os.version").replaceAll("-.*", ""),
                                CONNECTIONS,
                                ROUNDS,
                                SECONDS,
                                median(joins, Measured::perSecond),
                                median(joins, Measured::p99Millis),
                                median(joins, Measured::cpuMicros),
                                median(limits, Measured::perSecond),
                                median(limits, Measured::p99Millis),
                                median(limits, Measured::cpuMicros),
                                ratios.get(ratios.size() / 2),
                                String.join(", ", ratios.stream().map("%.2f"::formatted).toList()),
                                residentKb / 1024);
        if (!sound) {
            throw new IllegalStateException("the simulator died; the numbers mean nothing");
        }
        Files.writeString(Path.of("bench/RESULTS.md"), page);
        System.out.println("\n" + page);
    }

    private static Measured measure(String url, Process server, int seconds) throws Exception {
        long cpu = cpuTicks(server);
        var wrk = new ProcessBuilder("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--latency", url).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes());
        wrk.waitFor();
        long used = cpuTicks(server) - cpu;
        double requests = number(output, "(\\d+) requests in");
        // wrk counts a redirect as a good answer; anything else is reported and must not be measured
        if (output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IllegalStateException("not what should be measured:\n" + output);
        }
        return new Measured(number(output, "Requests/sec:\\s+([0-9.]+)"), millis(output), used * 10_000.0 / requests);
    }

    private static double millis(String output) {
        var matcher = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)").matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException(output);
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> value / 1000;
            case "ms" -> value;
            default -> value * 1000;
        };
    }

    private static double number(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static double median(List<Measured> all, java.util.function.ToDoubleFunction<Measured> what) {
        var sorted = all.stream().mapToDouble(what).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void create() throws Exception {
        var query = Params.of("name", "Benchmark", "meetingID", "bench-1").query();
        String url = "http://127.0.0.1:18102/bigbluebutton/api/create?" + Checksum.signed(Checksum.Algorithm.SHA256, "create", query, new Secret(SECRET));
        for (int i = 0; i < 100; i++) {
            if (get(url).contains("SUCCESS")) {
                return;
            }
            Thread.sleep(100); // until the first poll has seen the server
        }
        throw new IllegalStateException("the meeting could not be created");
    }

    private static String get(String url) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static void await(String url) throws Exception {
        for (int i = 0; i < 300; i++) {
            try {
                get(url);
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("nothing answers at " + url);
    }

    private static Process start(Map<String, String> environment, String... command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        var process = builder.start();
        STARTED.add(process);
        return process;
    }

    private static String secretFile(Path data) throws IOException {
        return Files.writeString(data.resolve("secret.txt"), SECRET).toString();
    }

    private static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /// User and system time of the process, in hundredths of a second.
    private static long cpuTicks(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long resident(Process process) throws IOException {
        return (long) number(Files.readString(Path.of("/proc/" + process.pid() + "/status")), "VmRSS:\\s+(\\d+)");
    }
}
