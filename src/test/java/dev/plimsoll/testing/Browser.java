// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real browser without a window: Debian's Chromium, with a profile of its own, looking at one page.
public final class Browser implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");
    private static final int PATIENCE = 60;

    private final Path profile = Balancer.temporaryDirectory();
    private final Process process;

    private Browser(String language, String... more) {
        var command =
                new ArrayList<>(
                        List.of(
                                program(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--lang=" + language,
                                "--accept-lang=" + language,
                                "--user-data-dir=" + profile));
        command.addAll(List.of(more));
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectError(profile.resolve("errors.txt").toFile())
                            .redirectOutput(profile.resolve("output.txt").toFile())
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String program() {
        for (String name : NAMES) {
            for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file.toString();
                }
            }
        }
        throw new AssertionError("there is no Chromium here; `.ci/install` installs it");
    }

    /// Opens the address and stays there.
    public static Browser open(String address, String language) {
        return new Browser(language, "--remote-debugging-port=0", address);
    }

    /// What the page at the address has become once it is loaded, as HTML.
    public static String dom(String address, String language) {
        try (var browser = new Browser(language, "--dump-dom", address)) {
            return browser.output();
        }
    }

    private String output() {
        try {
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                throw new AssertionError("Chromium did not end within " + PATIENCE + " s");
            }
            return Files.readString(profile.resolve("output.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// What Chromium tells of its pages, titles and addresses among it; empty text before it has begun.
    public String pages() {
        Path port = profile.resolve("DevToolsActivePort");
        try {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "Chromium ended: " + Files.readString(profile.resolve("errors.txt")));
            }
            var lines =
                    Files.exists(port)
                            ? Files.readAllLines(port, StandardCharsets.UTF_8)
                            : List.<String>of();
            if (lines.isEmpty()) {
                return "";
            }
            var list = URI.create("http://127.0.0.1:" + lines.getFirst() + "/json/list");
            return Target.send(HttpRequest.newBuilder(list)).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE, TimeUnit.SECONDS);
            Balancer.delete(profile);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (UncheckedIOException e) {
            // One of its processes still wrote there; the system clears /tmp.
        }
    }
}
