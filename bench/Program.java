// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A process that is measured, or that serves what is measured.
final class Program implements AutoCloseable {

    /// As the launcher starts the balancer, so that a limit does not win by other flags.
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xms32m", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED");

    private static final List<Program> RUNNING = new ArrayList<>();

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /// `./plimsoll` with these words.
    static Program plimsoll(Map<String, String> environment, String... words) throws IOException {
        var command = new ArrayList<>(List.of("./plimsoll"));
        command.addAll(Arrays.asList(words));
        return start(environment, command);
    }

    /// A class of `bench/`.
    ///
    /// @param heap such as `256m`
    static Program bench(String main, String heap, String... words) throws IOException {
        var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(FLAGS);
        command.addAll(List.of("-Xmx" + heap, "--class-path", System.getProperty("java.class.path")));
        command.add("bench/" + main + ".java");
        command.addAll(Arrays.asList(words));
        return start(Map.of(), command);
    }

    private static Program start(Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(Path.of("target/bench.log").toFile()));
        builder.environment().putAll(environment);
        var program = new Program(builder.start());
        RUNNING.add(program);
        return program;
    }

    /// User and system time so far, in seconds.
    double cpu() throws IOException {
        return cpu(Files.readString(Path.of("/proc/" + process.pid() + "/stat")));
    }

    /// What of it the compilers of its JVM took, as far as their threads still live.
    double compilers() throws IOException {
        double all = 0;
        try (var threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads) {
                all += compiler(thread);
            }
        }
        return all;
    }

    private static double compiler(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.contains(" CompilerThre") ? cpu(stat) : 0;
        } catch (IOException e) {
            return 0; // it ended meanwhile
        }
    }

    private static double cpu(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    /// Resident memory, in MB.
    long resident() throws IOException {
        var line = Pattern.compile("VmRSS:\\s+(\\d+)").matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        if (!line.find()) {
            throw new IllegalStateException("the process is gone; see target/bench.log");
        }
        return Long.parseLong(line.group(1)) / 1024;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    static void closeAll() throws InterruptedException {
        for (Program program : RUNNING) {
            program.process.destroy();
        }
        for (Program program : RUNNING) {
            program.close();
        }
    }
}
