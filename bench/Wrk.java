// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The load generator.
final class Wrk {

    private Wrk() {}

    /// What one round found.
    ///
    /// @param cpuMicros of the programs that were measured, per request
    /// @param compiling how much of that the compilers of their JVMs took, 0 to 1
    record Measured(double perSecond, double p50Millis, double p99Millis, double cpuMicros, double compiling, long requests) {}

    /// Asks for the paths, one after the other, over so many connections.
    ///
    /// @param ports of one instance, or of several that share the load
    static Measured run(List<Integer> ports, List<String> paths, int connections, double seconds, List<Program> measured) throws Exception {
        Path file = Files.write(Files.createTempFile("plimsoll-bench", ".urls"), paths);
        try {
            int threads = Math.min(connections, ports.size());
            var command =
                    List.of("wrk", "-t" + threads, "-c" + connections, "-d" + Math.max(1, Math.round(seconds)) + "s", "--latency", "--timeout", "20s",
                            "-s", "bench/urls.lua", "http://127.0.0.1:" + ports.getFirst(), "--", file.toString(), "" + threads);
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("ADDRESSES", String.join(" ", ports.stream().map(port -> "127.0.0.1:" + port).toList()));
            double before = cpu(measured);
            double compiled = compilers(measured);
            var wrk = builder.start();
            String output = new String(wrk.getInputStream().readAllBytes());
            wrk.waitFor();
            double used = cpu(measured) - before;
            double compiling = Math.max(0, compilers(measured) - compiled) / used;
            // wrk counts a redirect as a good answer; anything else must not be measured
            if (output.contains("Non-2xx") || output.contains("Socket errors")) {
                throw new IllegalStateException("%s: not what should be measured:\n%s".formatted(paths.getFirst(), output));
            }
            long requests = (long) number(output, "(\\d+) requests in");
            return new Measured(number(output, "Requests/sec:\\s+([0-9.]+)"), millis(output, 50), millis(output, 99), used * 1e6 / requests, compiling, requests);
        } finally {
            Files.delete(file);
        }
    }

    private static double cpu(List<Program> programs) throws IOException {
        double all = 0;
        for (Program program : programs) {
            all += program.cpu();
        }
        return all;
    }

    private static double compilers(List<Program> programs) throws IOException {
        double all = 0;
        for (Program program : programs) {
            all += program.compilers();
        }
        return all;
    }

    private static double millis(String output, int percent) {
        var matcher = Pattern.compile(percent + "%\\s+([0-9.]+)(us|ms|s|m)").matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException(output);
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> value / 1000;
            case "ms" -> value;
            case "m" -> value * 60_000;
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
}
