// SPDX-License-Identifier: Apache-2.0
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What `make bench` runs. All is measured from outside, over HTTP, in processes of its own with the flags that we
/// ship; what is compared is measured in the same run, in turns: these machines are noisy, ratios are not.
public class Bench {

    private static final double SECONDS = Double.parseDouble(setting("BENCH_SECONDS", "3"));
    private static final int ROUNDS = Integer.parseInt(setting("BENCH_ROUNDS", "5"));

    /// Which parts to measure, and of the calls only those whose name holds the text.
    private static final String PARTS = setting("BENCH_PARTS", "calls lists growth start");
    private static final String ONLY = setting("BENCH_ONLY", "");
    private static final String SIZES = setting("BENCH_SIZES", "10x100 10x1000 100x10000 1000x100 1000x100000");
    private static final String ENGINES = setting("BENCH_ENGINES", "SQLITE POSTGRES POSTGRES_TWO");

    public static void main(String[] args) throws Exception {
        Files.deleteIfExists(Path.of("target/bench.log"));
        var page = new StringBuilder(head());
        try {
            for (Site.Engine engine : Site.Engine.values()) {
                if (PARTS.contains("calls") && (" " + ENGINES + " ").contains(" " + engine + " ")) {
                    add(page, Calls.measure(engine, ROUNDS, SECONDS, ONLY));
                }
            }
            if (PARTS.contains("lists")) {
                add(page, Lists.measure(SECONDS));
            }
            if (PARTS.contains("start")) {
                add(page, Starts.measure());
            }
            if (PARTS.contains("growth")) {
                add(page, Growth.measure(SECONDS, SIZES));
            }
        } finally {
            Program.closeAll();
        }
    }

    /// What is measured is written at once: a later part may fail.
    private static void add(StringBuilder page, String section) throws Exception {
        System.out.println(section);
        page.append(section);
        if (Stream.of("PARTS", "ONLY", "ENGINES", "SIZES").allMatch(part -> System.getenv("BENCH_" + part) == null)) {
            Files.writeString(Path.of("bench/RESULTS.md"), page);
        }
    }

    private static String head() {
        return """
                # What was measured

                Written by `make bench`; the newest run. %d CPUs, Java %s, %s %s, %s. The load generator (wrk), the
                simulated servers and the database ran on the same machine as what was measured; %d interleaved rounds of %.0f s,
                medians. Read the ratios and the CPU per request, not the numbers.
                """
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version").replaceAll("-.*", ""),
                        "SQLite and PostgreSQL as in pom.xml",
                        ROUNDS,
                        SECONDS);
    }

    private static String setting(String name, String standard) {
        return System.getenv().getOrDefault(name, standard);
    }
}
