// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.ServerView;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What is done with each server of a roll while it is out of service: a command is run, or a person does it.
sealed interface RollWork {

    /// How it ended.
    sealed interface Outcome {
        record Done() implements Outcome {}

        /// A person leaves this server out.
        record Skipped() implements Outcome {}

        /// A person ends the roll.
        record Stopped() implements Outcome {}

        record Failed(String why) implements Outcome {}
    }

    Outcome on(ServerView server, Screen screen) throws InterruptedException;

    /// In a plan: what comes between disabling and polling.
    String words();

    /// Runs a command with `sh -c`, and shows what it prints.
    record Command(String line, Duration within) implements RollWork {

        private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

        @Override
        public Outcome on(ServerView server, Screen screen) throws InterruptedException {
            try {
                var process = start(server);
                // Else it would go on alone, and run twice when the roll goes on.
                try (var _ = new OnInterrupt(() -> stop(process))) {
                    return outcome(process, server.id(), screen);
                }
            } catch (IOException e) {
                return new Outcome.Failed("the command could not be run: " + e.getMessage());
            }
        }

        private Outcome outcome(Process process, String id, Screen screen)
                throws InterruptedException {
            var output = Thread.ofVirtual().start(() -> show(id, process, screen));
            if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
                stop(process);
                return new Outcome.Failed("the command did not end in time");
            }
            // What it left running in the background may hold the output open for ever.
            output.join(LAST_OUTPUT);
            int code = process.exitValue();
            return code == 0
                    ? new Outcome.Done()
                    : new Outcome.Failed("the command failed with exit code " + code);
        }

        private static void stop(Process process) {
            // The shell first: when it sees what it waits for end, it goes on with the next command
            // of its line.
            var children = process.descendants().toList();
            process.destroy();
            children.forEach(ProcessHandle::destroy);
        }

        private Process start(ServerView server) throws IOException {
            var builder =
                    new ProcessBuilder("sh", "-c", line)
                            .redirectErrorStream(true)
                            .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put("PLIMSOLL_SERVER_ID", server.id());
            builder.environment().put("PLIMSOLL_SERVER_URL", server.url());
            return builder.start();
        }

        private static void show(String id, Process process, Screen screen) {
            try (var lines = process.inputReader()) {
                lines.lines().forEach(text -> screen.line("%s | %s".formatted(id, text)));
            } catch (IOException | UncheckedIOException e) {
                screen.line("%s | (%s)".formatted(id, e.getMessage()));
            }
        }

        @Override
        public String words() {
            return "run the command";
        }
    }

    /// Asks a person, one server after the other.
    final class Person implements RollWork {

        private final BufferedReader in;

        Person(InputStream in) {
            this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }

        @Override
        public Outcome on(ServerView server, Screen screen) {
            return answer(server.id(), screen)
                    .map(answer ->
                            switch (answer) {
                                case "s" -> new Outcome.Skipped();
                                case "q" -> new Outcome.Stopped();
                                default -> new Outcome.Done();
                            })
                    .orElseGet(Outcome.Stopped::new); // nobody is there to answer
        }

        private synchronized Optional<String> answer(String id, Screen screen) {
            screen.line(
                    "%s is disabled: press Enter when it is ready, s to skip, q to stop"
                            .formatted(id));
            try {
                return Optional.ofNullable(in.readLine()).map(String::strip);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String words() {
            return "wait for you";
        }
    }
}
