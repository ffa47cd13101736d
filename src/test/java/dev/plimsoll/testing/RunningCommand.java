// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// A process of its own: another running, or Plimsoll as its users start it. What it prints goes to files.
public final class RunningCommand implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    /// What has become of a process that ended.
    public record Ended(int code, String out, String err) {}

    private final Process process;
    private final Path out;
    private final Path err;

    private RunningCommand(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// Runs a running to its end.
    ///
    /// @param environment added to ours, or in place of it
    public static Ended run(Path directory, Map<String, String> environment, String... command) {
        try (var running = start(directory, environment, List.of(command))) {
            return running.end();
        }
    }

    /// Starts `plimsoll ARGUMENTS`, without the launcher: it would build what is being tested.
    public static RunningCommand plimsoll(
            Path directory, Map<String, String> environment, String... arguments) {
        return start(directory, environment, command(arguments));
    }

    /// The same on a terminal, where somebody types a line; to its end. What it prints is all in `out`.
    public static Ended onTerminal(
            Path directory, Map<String, String> environment, String typed, String... arguments) {
        String line =
                command(arguments).stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        String script = "printf '%s\\n' \"$0\" | script -qec \"$1\" /dev/null";
        return run(directory, environment, "sh", "-c", script, typed, line);
    }

    private static List<String> command(String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", runtimeClassPath()));
        command.add("dev.plimsoll.Main");
        command.addAll(List.of(arguments));
        return command;
    }

    private static RunningCommand start(
            Path directory, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile("plimsoll-test", ".out");
            Path err = Files.createTempFile("plimsoll-test", ".err");
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PLIMSOLL_"));
            builder.environment().putAll(environment);
            return new RunningCommand(builder.start(), out, err);
        } catch (IOException e) {
            throw new AssertionError(
                    "cannot start %s; is it installed? `make test` runs .ci/install first (%s)"
                            .formatted(command.getFirst(), e.getMessage()),
                    e);
        }
    }

    /// Our own class path without the tests and their libraries, made absolute.
    private static String runtimeClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(entry ->
                        !entry.matches(
                                ".*(test-classes|/classes/test|junit|surefire|assertj|opentest4j|byte-buddy).*"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":", ownClasses() + ":", ""));
    }

    private static Path ownClasses() {
        try {
            return Path.of(
                    dev.plimsoll.Serve.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Types this into it, and no more.
    public RunningCommand type(String input) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until it has printed this, on either stream.
    public RunningCommand awaitText(String text) {
        awaitThat(() -> out().contains(text) || err().contains(text), text);
        return this;
    }

    /// Waits until something is so, while the process lives.
    public void awaitThat(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean alive = process.isAlive(); // first: it may print its last words meanwhile
            if (condition.getAsBoolean()) {
                return;
            }
            if (!alive || System.nanoTime() > deadline) {
                throw new AssertionError(
                        "waited in vain for: %s%n%s%n%s".formatted(what, out(), err()));
            }
            pause();
        }
    }

    private void pause() {
        try {
            boolean _ = process.waitFor(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Asks it to stop, as service managers do.
    public RunningCommand terminate() {
        process.destroy();
        return this;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end.
    public Ended end() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end:\n" + out() + err());
            }
            return new Ended(process.exitValue(), out(), err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
