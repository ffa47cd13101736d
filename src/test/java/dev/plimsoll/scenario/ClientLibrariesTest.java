// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.RunningCommand;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/// Client libraries written by others, from the npm registry, drive a running balancer.
@Timeout(120)
final class ClientLibrariesTest {

    private static final Path SOURCES = Path.of("src/test/clients");
    private static final Path COPY = Path.of("target/clients");

    /// How many things `story.cjs` looks at when it follows the redirect of a join.
    private static final int CHECKS = 10;

    /// Of the three, it alone knows webhooks.
    private static final int HOOK_CHECKS = 3;

    @BeforeAll
    static void install() throws IOException {
        Files.createDirectories(COPY);
        try (var files = Files.list(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        COPY.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path installed = COPY.resolve("node_modules/.package-lock.json");
        Path lock = COPY.resolve("package-lock.json.installed");
        if (Files.exists(installed)
                && Files.exists(lock)
                && Files.mismatch(lock, COPY.resolve("package-lock.json")) < 0) {
            return;
        }
        var npm =
                RunningCommand.run(
                        COPY, Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        assertThat(npm.code())
                .as(
                        "npm ci in %s. It needs npm (`make test` installs it, .ci/install) and the npm registry;"
                                + " behind a proxy see `npm config get registry`. npm said:%n%s",
                        COPY, npm.err())
                .isZero();
        Files.copy(COPY.resolve("package-lock.json"), lock, StandardCopyOption.REPLACE_EXISTING);
    }

    /// The suite that its authors run against a BigBlueButton server, hooks included, as it is.
    @Test
    void theOwnSuiteOfBigbluebuttonJsPasses() {
        try (var balancer = Balancer.start(3)) {
            var suite =
                    RunningCommand.run(
                            COPY,
                            Map.of(
                                    "BBB_URL",
                                    balancer.url() + "/bigbluebutton/",
                                    "BBB_SECRET",
                                    balancer.target().secret().reveal()),
                            "node",
                            "node_modules/mocha/bin/mocha.js",
                            "node_modules/bigbluebutton-js/test");
            assertThat(suite.code()).as(suite.out() + suite.err()).isZero();
            assertThat(suite.out()).contains("2 passing").doesNotContain("failing", "pending");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bigbluebutton-js", "bbb-promise", "bbb-api"})
    void theLifeOfAMeetingIsToldByOtherPeoplesCode(String library) {
        try (var balancer = Balancer.start(3)) {
            var story =
                    RunningCommand.run(
                            COPY,
                            Map.of(
                                    "BBB_URL",
                                    balancer.url() + "/bigbluebutton/",
                                    "BBB_SECRET",
                                    balancer.target().secret().reveal(),
                                    "FOLLOW",
                                    "1"),
                            "node",
                            library + ".cjs");
            assertThat(story.code()).as(story.out() + story.err()).isZero();
            assertThat(story.out().lines().filter(line -> line.startsWith("ok - ")))
                    .hasSize(library.equals("bigbluebutton-js") ? CHECKS + HOOK_CHECKS : CHECKS);
        }
    }
}
