// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.RunningCommand;
import dev.plimsoll.testing.ServeProcess;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// From SQLite to PostgreSQL and back with the real programs, as an operator would.
@Timeout(180)
final class ChangeOfEngineTest {

    @TempDir private Path directory = Path.of("");
    private final List<ServeProcess> programs = new ArrayList<>();
    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("s")), Clock.systemUTC(), new Random(1));

    @BeforeEach
    void makeDirectories() throws IOException {
        for (String name : List.of("file", "server", "back")) {
            Files.createDirectory(directory.resolve(name));
        }
    }

    @AfterEach
    void stop() {
        programs.forEach(ServeProcess::close);
        server.close();
    }

    private Map<String, String> settings(String name) {
        var settings = new HashMap<String, String>();
        Path data = directory.resolve(name);
        settings.put("PLIMSOLL_DATA", data.toString());
        settings.put(
                "PLIMSOLL_DATABASE_URL",
                List.of("server", "another").contains(name)
                        ? TestDatabase.url(directory.resolve("server"))
                        : "sqlite:" + data.resolve("plimsoll.db"));
        return settings;
    }

    private ServeProcess serve(String name) {
        var settings = settings(name);
        settings.put("PLIMSOLL_LOG_LEVEL", "error");
        settings.put("PLIMSOLL_POLL_INTERVAL", "500ms");
        settings.put("PLIMSOLL_POLL_HEARTBEAT", "500ms");
        var program = ServeProcess.start(directory.resolve(name), settings);
        programs.add(program);
        return program;
    }

    private void stop(ServeProcess program) {
        program.terminate();
        assertThat(program.exitCode()).isZero();
    }

    private RunningCommand.Ended plimsoll(int code, String name, String... arguments) {
        try (var running = RunningCommand.plimsoll(directory, settings(name), arguments)) {
            var ended = running.end();
            assertThat(ended.code()).as("%s%n%s", ended.out(), ended.err()).isEqualTo(code);
            assertThat(ended.err()).doesNotContain("\tat ", "Exception");
            return ended;
        }
    }

    private void addServer(ServeProcess program) {
        program.add("bbb1", server.api(), server.secret());
        try (var admin = program.admin()) {
            Together.until(
                    "the server is online",
                    Duration.ofSeconds(30),
                    () ->
                            admin.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class)[0]
                                    .health()
                                    .equals("online"),
                    () -> "");
        }
    }

    @Test
    void meetingsAreJoinedAfterTheWayToPostgresqlAndBack() throws IOException {
        var first = serve("file");
        addServer(first);
        var created = first.api().create("Raum 😀");
        assertThat(created.succeeded()).as(created.body()).isTrue();
        String backup = directory.resolve("backup").toString();

        assertThat(plimsoll(0, "file", "backup", backup).out()).contains("holds secrets");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("backup"))))
                .isEqualTo("rw-------");
        assertThat(plimsoll(1, "file", "restore", backup, "--force").err())
                .contains("another Plimsoll runs")
                .hasLineCount(1);
        stop(first);
        assertThat(plimsoll(1, "file", "restore", backup).err())
                .contains("not empty")
                .hasLineCount(1);

        assertThat(plimsoll(0, "server", "restore", backup).out())
                .contains("servers: 1 rows", "meetings: 1 rows", "secret: written")
                .doesNotContain(Files.readString(directory.resolve("file/secret")).strip());
        var second = serve("server");
        expectTheMeeting(second, created.text("internalMeetingID"));
        assertThat(plimsoll(1, "another", "restore", backup, "--force").err())
                .contains("1 running Plimsoll")
                .hasLineCount(1);
        assertThat(second.api().create("another").succeeded()).isTrue();
        String later = directory.resolve("later").toString();
        assertThat(plimsoll(0, "server", "backup", later).out()).contains("rows of");
        stop(second);

        assertThat(plimsoll(0, "back", "restore", later).out()).contains("meetings: 2 rows");
        expectTheMeeting(serve("back"), created.text("internalMeetingID"));
    }

    /// By the secret that was generated for the first one.
    private void expectTheMeeting(ServeProcess program, String internalId) throws IOException {
        String secret = Files.readString(directory.resolve("file/secret")).strip();
        var api = program.api(new Secret(secret));
        assertThat(api.join("Raum 😀").location())
                .startsWith(server.api().toString())
                .contains("/join?");
        assertThat(api.info("Raum 😀").text("internalMeetingID")).isEqualTo(internalId);
        try (var admin = program.admin()) {
            assertThat(admin.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class))
                    .hasSize(1);
        }
    }
}
