// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plimsoll.adminapi.EventView;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.StatusView;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The command line as an operator types it: what it prints, and its exit codes. A running balancer with two servers
/// is at hand; processes of their own are in `scenario`.
@Timeout(30)
final class CommandLineTest {

    private static Balancer balancer;
    private static SimulatedServer spare;
    private static Map<String, String> environment;

    @TempDir private Path directory;

    @BeforeAll
    static void start() {
        balancer = Balancer.start(2);
        try (var other = Balancer.start(1)) {
            spare =
                    other.servers()
                            .getFirst(); // stops with its balancer; only its address is wanted
        }
        environment =
                Map.of(
                        "PLIMSOLL_URL",
                        balancer.url(),
                        "PLIMSOLL_TOKEN",
                        balancer.adminToken().reveal());
    }

    @AfterAll
    static void stop() {
        balancer.close();
    }

    @Test
    void everyCommandHelpsWithAnExample() {
        helps(Main.commandLine(Map.of(), ""), "plimsoll");
    }

    private static void helps(CommandLine command, String name) {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return;
        }
        String usage = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(usage)
                .as(name)
                .contains("Usage: " + name)
                .contains("--help")
                .contains("Example: ");
        assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
        for (var option : command.getCommandSpec().options()) {
            assertThat(option.description()).as("%s %s", name, option.longestName()).isNotEmpty();
        }
        var below = command.getSubcommands();
        below.forEach((word, subcommand) -> helps(subcommand, name + " " + word));
    }

    @Test
    void helpIsAskedForWithExitCodeZero() {
        for (String words :
                new String[] {
                    "--help",
                    "servers --help",
                    "servers add --help",
                    "serve -h",
                    "config show --help"
                }) {
            var done = run(environment, words.split(" ", -1));
            assertThat(done.code()).as(words).isZero();
            assertThat(done.out()).as(words).contains("Usage: plimsoll");
        }
    }

    @Test
    void wrongUsageIsTwoAndSaysWhatWasMeant() {
        assertThat(expect(2).run().err()).contains("say what to do");
        assertThat(expect(2).run("statsu").err())
                .contains("statsu")
                .contains("Did you mean")
                .contains("status");
        assertThat(expect(2).run("servers", "cordn", "x").err()).contains("cordn");
        assertThat(expect(2).run("status", "--jsn").err()).contains("--jsn").contains("--json");
        assertThat(expect(2).run("servers", "show").err()).contains("ID");
        assertThat(
                        expect(2)
                                .run("servers", "add", "https://x.example.org", "--weight", "heavy")
                                .err())
                .contains("--weight");
        assertThat(expect(2).run("status", "--json", "--csv").err()).contains("--csv");
        assertThat(expect(2).run("demo", "--servers", "0").err()).contains("--servers is 1 to 200");
        assertThat(expect(2).run("simulator", "--fault", "nonsense").err()).contains("nonsense");
    }

    @Test
    void versionTellsOurOwnAndJavas() {
        assertThat(expect(0).run("version").out())
                .matches("plimsoll \\S+ \\(commit \\S+\\), Java 2[5-9].*\\R");
        String version = expect(0).run("version").out();
        assertThat(expect(0).run("--version").out()).isEqualTo(version);
        assertThat(expect(0).run("servers", "list", "-V").out()).isEqualTo(version);
    }

    @Test
    void anInstanceThatIsNotThereIsNamed() {
        var nowhere = Map.of("PLIMSOLL_URL", "http://127.0.0.1:1", "PLIMSOLL_TOKEN", "x");
        var done = run(nowhere, "status");
        assertThat(done.code()).isEqualTo(1);
        assertThat(done.err())
                .contains("nothing answers at http://127.0.0.1:1")
                .contains("plimsoll serve");
        for (String url : new String[] {"::", "nonsense", "ftp://x", "http:", "http://u:pw@"}) {
            var refused = run(Map.of("PLIMSOLL_URL", url, "PLIMSOLL_TOKEN", "x"), "status");
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("the instance's address", "write http://127.0.0.1:8090")
                    .doesNotContain("pw");
        }
    }

    @Test
    void aTokenIsWantedAndNotShown() throws IOException {
        var without = Map.of("PLIMSOLL_URL", balancer.url(), "PLIMSOLL_DATA", directory.toString());
        assertThat(run(without, "status").code()).isEqualTo(2);
        assertThat(run(without, "status").err()).contains("no admin token");

        var wrong = new HashMap<>(environment);
        wrong.put("PLIMSOLL_TOKEN", "wrong-token");
        var refused = run(wrong, "status");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("token is missing or wrong")
                .doesNotContain("wrong-token");

        Path file =
                Files.writeString(
                        directory.resolve("token"), balancer.adminToken().reveal() + "\n");
        assertThat(run(without, "status", "--token-file", file.toString()).code()).isZero();
        assertThat(run(without, "status", "--token-file", "nowhere").err()).contains("nowhere");
        var plain = run(without, "status", "--token", balancer.adminToken().reveal());
        assertThat(plain.code()).isZero();
        assertThat(plain.err()).contains("process list");

        var broken = new HashMap<>(environment);
        broken.put("PLIMSOLL_TOKEN", "a\nb");
        assertThat(run(broken, "status").code()).isEqualTo(2);
        assertThat(run(broken, "status").err()).doesNotContain("a\nb");
    }

    @Test
    void theDataDirectoryOfAnInstanceHereIsEnough() throws IOException {
        Files.writeString(directory.resolve("url"), balancer.url());
        Files.writeString(directory.resolve("admin-token"), balancer.adminToken().reveal());
        assertThat(run(Map.of("PLIMSOLL_DATA", directory.toString()), "status").code()).isZero();
    }

    /// Where the tests run as root, which may read everything, it tests nothing.
    @Test
    void aTokenThatMayNotBeReadIsToldFromNone() throws IOException {
        Path token = Files.writeString(directory.resolve("admin-token"), "t0ken");
        Files.setPosixFilePermissions(token, Set.of());
        assumeThat(Files.isReadable(token)).isFalse();
        assertThat(run(Map.of("PLIMSOLL_DATA", directory.toString()), "status").err())
                .contains("we may not read " + token, "as the user of the service");
        var data = new DataDirectory(directory);
        assertThatThrownBy(() -> data.read("admin-token"))
                .hasMessageContaining("cannot read %s: permission denied".formatted(token));
    }

    @Test
    void thePoolIsShownAsTableJsonAndCsv() {
        assertThat(expect(0).run("status").out())
                .containsPattern("SERVER +ADMISSION +HEALTH")
                .containsPattern("bbb1 +enabled +online")
                .contains("users");
        var status =
                JsonMapper.shared()
                        .readValue(expect(0).run("status", "--json").out(), StatusView.class);
        assertThat(status.servers()).extracting(ServerView::id).contains("bbb1", "bbb2");
        assertThat(expect(0).run("servers", "list", "--csv").out())
                .startsWith("SERVER,ADMISSION,HEALTH,")
                .contains("bbb1,enabled,online,");
        assertThat(
                        JsonMapper.shared()
                                .readValue(
                                        expect(0).run("servers", "--json").out(),
                                        ServerView[].class))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(expect(0).run("servers", "show", "bbb1").out())
                .contains("address")
                .contains("online");
        assertThat(expect(0).run("servers", "poll", "bbb1", "--json").out())
                .contains("\"id\" : \"bbb1\"");
    }

    @Test
    void theStatusSaysWhatKindOfTroubleAServerHas() {
        try (var other = Balancer.start(1)) {
            other.admin("PATCH", "/servers/bbb1", "{\"secret\": \"wrong\"}");
            other.admin("POST", "/servers/bbb1/poll", "");
            var there =
                    Map.of(
                            "PLIMSOLL_URL", other.url(),
                            "PLIMSOLL_TOKEN", other.adminToken().reveal());
            assertThat(run(there, "status").out())
                    .contains("unstable (wrong secret)")
                    .contains("bbb1: refuses our secret; `plimsoll servers set bbb1");
            var metrics = Target.send(HttpRequest.newBuilder(URI.create(other.url() + "/metrics")));
            assertThat(metrics.body())
                    .contains(
                            "plimsoll_server_trouble{server=\"bbb1\",trouble=\"wrong-secret\"} 1.0");
        }
    }

    @Test
    void whatHappenedIsShownAndFollowed() throws Exception {
        assertThat(expect(0).run("events").out())
                .containsPattern("TIME +WHAT +WHO +TEXT")
                .containsPattern("server-added +bbb1 +enabled, weight 1");
        assertThat(
                        JsonMapper.shared()
                                .readValue(
                                        expect(0).run("events", "--json", "--last", "2").out(),
                                        EventView[].class))
                .hasSize(2);
        assertThat(expect(2).run("events", "--follow", "--csv").err()).contains("not CSV");
        assertThat(expect(2).run("events", "--last", "-1").err()).contains("0 to 1000");

        var out = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        var follower =
                Thread.ofPlatform()
                        .start(() ->
                                Main.commandLine(environment, "events")
                                        .execute("events", "--follow", "--last", "1"));
        try {
            Together.until("the last one is shown", () -> printed.size() > 0);
            balancer.admin("POST", "/servers/bbb2/cordon", "");
            balancer.admin("POST", "/servers/bbb2/enable", "");
            Together.until(
                    "both new ones are shown",
                    () ->
                            printed.toString(StandardCharsets.UTF_8)
                                    .matches(
                                            "(?s).*Z  server-cordoned   bbb2  was enabled\n.*Z  server-enabled    bbb2  was cordoned\n"));
        } finally {
            follower.interrupt();
            assertThat(follower.join(Duration.ofSeconds(10))).isTrue();
            System.setOut(out);
        }
    }

    @Test
    void aServersLifeIsOneLineACommand() throws IOException {
        String url = spare.api().toString();
        String id = "spare";
        String secret = "typed-secret-value";
        assertThat(expect(2).run("servers", "add", url).err()).contains("--secret-stdin");
        assertThat(
                        expect(0)
                                .typing(secret + "\n")
                                .run(
                                        "servers",
                                        "add",
                                        url,
                                        "--id",
                                        id,
                                        "--secret-stdin",
                                        "--tag",
                                        "a",
                                        "--tag",
                                        "b")
                                .out())
                .isEqualTo("server spare is added and cordoned" + System.lineSeparator());
        assertThat(expect(1).typing(secret).run("servers", "add", url, "--secret-stdin").err())
                .contains("plimsoll: ")
                .doesNotContain(secret);
        assertThat(expect(0).run("servers", "show", id, "--json").out())
                .contains("\"a\", \"b\"")
                .doesNotContain(secret);
        assertThat(expect(0).run("servers", "set", id, "--weight", "2.5").out())
                .contains("is changed");
        assertThat(expect(64).run("servers", "set", id, "--weight", "2.5").out())
                .contains("already");
        assertThat(expect(2).run("servers", "set", id).err())
                .contains("nothing to change was given", "servers set --help");
        assertThat(
                        expect(2)
                                .run("servers", "set", id, "--secret-stdin", "--secret-file", "x")
                                .err())
                .contains("--secret-stdin", "--secret-file", "mutually exclusive");
        expect(0).run("servers", "set", id, "--max-users", "300", "--max-per-minute", "20");
        assertThat(expect(0).run("servers", "show", id).out())
                .contains("300 users (300 left), 20 new meetings per minute (20 left)");
        assertThat(expect(1).run("servers", "set", id, "--max-meetings", "-1").err())
                .contains("max-meetings is a whole number from 0 to 1000000");
        for (String verb : new String[] {"enable", "cordon", "drain", "disable"}) {
            assertThat(expect(0).run("servers", verb, id).out().lines()).hasSize(1);
            assertThat(expect(64).run("servers", verb, id).out()).contains("already");
        }
        Path file = Files.writeString(directory.resolve("secret"), "another-secret\n");
        expect(0).run("servers", "set", id, "--secret-file", file.toString(), "--address", url);
        assertThat(expect(2).run("servers", "set", id, "--secret-file", "nowhere").err())
                .contains("nowhere");
        assertThat(expect(0).run("servers", "remove", id).out()).contains("removed");
        assertThat(expect(1).run("servers", "remove", id).err())
                .contains("there is no server spare");
    }

    @Test
    void syncAddsAndChangesWhatAFileSaysAndLeavesTheRest() throws IOException {
        Path file = directory.resolve("servers.json");
        String secret = "a-secret-of-a-synced-server";
        String entry =
                "[{\"host\": \"http://127.0.0.1:9\", \"secret\": \"%s\", \"id\": \"synced\", \"weight\": %s, \"tags\": [\"a\"]}]";
        Files.writeString(file, entry.formatted(secret, "1"));
        String sync = file.toString();
        assertThat(expect(0).run("servers", "sync", sync, "--dry-run").out())
                .contains("would: server http://127.0.0.1:9 is added", "stays as it is")
                .doesNotContain(secret);
        expect(1).run("servers", "show", "synced");
        assertThat(expect(0).run("servers", "sync", sync).out()).contains("server synced is added");
        assertThat(expect(64).run("servers", "sync", sync).out()).contains("nothing to change");
        Files.writeString(file, entry.formatted(secret, "2"));
        assertThat(expect(0).run("servers", "sync", sync).out())
                .contains("server synced is changed");
        assertThat(expect(0).run("servers", "show", "synced").out()).contains("2.0");
        Files.writeString(file, entry.formatted(secret, "2, \"maxMeetings\": 40"));
        assertThat(expect(0).run("servers", "sync", sync).out())
                .contains("server synced is changed");
        assertThat(expect(0).run("servers", "show", "synced").out()).contains("40 meetings");
        Files.writeString(file, entry.formatted(secret, "2, \"maxUsers\": \"all\""));
        assertThat(expect(2).run("servers", "sync", sync).err())
                .contains("entry 1", "maxUsers must be a whole number");
        Files.writeString(file, entry.formatted(secret, "\"heavy\""));
        assertThat(expect(2).run("servers", "sync", sync).err())
                .contains("entry 1", "weight must be a number")
                .doesNotContain(secret);
        Files.writeString(file, "[{\"host\": \"ftp://x\", \"secret\": \"s\"}]");
        assertThat(expect(1).run("servers", "sync", sync).err())
                .contains("entry 1: 'ftp://x' is not an address");
        Files.writeString(file, entry.formatted(secret, "2, \"max-users\": 1"));
        assertThat(expect(2).run("servers", "sync", sync).err())
                .contains("entry 1: max-users is not known of a server; did you mean maxUsers?");
        Files.writeString(file, entry.formatted(secret, "2, \"enable\": \"no\""));
        assertThat(expect(2).run("servers", "sync", sync).err())
                .contains("entry 1: enable must be true or false");
        Files.writeString(file, entry.formatted(secret, "-1"));
        assertThat(expect(1).run("servers", "sync", sync).err())
                .contains("entry 1: a weight is a number from 0.01 to 1000");
        String twice =
                "[{\"host\": \"http://a\", \"secret\": \"s\"%s}, {\"host\": \"http://%s\", \"secret\": \"s\"%1$s}]";
        Files.writeString(file, twice.formatted("", "a/bigbluebutton/api"));
        assertThat(expect(1).run("servers", "sync", sync).err())
                .contains("entry 2: it names http://a/bigbluebutton/api/ a second time");
        Files.writeString(file, twice.formatted(", \"id\": \"x\"", "b"));
        assertThat(expect(1).run("servers", "sync", sync).err())
                .contains("entry 2: it names x a second time");
        expect(0).run("servers", "remove", "synced");
    }

    @Test
    void meetingsAreListedShownAndEnded() {
        var made = balancer.target().get("create", "name=Algebra&meetingID=room+1%2F%C3%A4");
        assertThat(made.text("returncode")).isEqualTo("SUCCESS");
        assertThat(expect(0).run("meetings", "list").out())
                .contains("room 1/ä")
                .contains("confirmed");
        var shown =
                JsonMapper.shared()
                        .readValue(
                                expect(0).run("meetings", "show", "room 1/ä", "--json").out(),
                                MeetingView.class);
        assertThat(shown.internalId()).isEqualTo(made.text("internalMeetingID"));
        assertThat(expect(0).run("meetings", "--csv").out()).contains("room 1/ä,default,");
        assertThat(expect(1).run("servers", "disable", shown.server()).err())
                .contains("1 meeting runs");
        assertThat(expect(0).run("meetings", "end", "room 1/ä").out()).contains("is ended");
        assertThat(expect(1).run("meetings", "show", "room 1/ä").err())
                .contains("there is no meeting");
    }

    @Test
    void aSettingsFileIsCheckedWhole() throws IOException {
        Path good =
                Files.writeString(
                        directory.resolve("good.yaml"), "http:\n  port: 9090\nsecret: a-b-c\n");
        assertThat(expect(0).run("config", "check", good.toString()).out()).contains("is fine");
        Path bad =
                Files.writeString(
                        directory.resolve("bad.yaml"),
                        "http:\n  port: many\n  hots: x\npoll:\n  interval: soon\nsecret: s3cr3t-value\nchecksum:\n  algorithms: [md5]\n");
        assertThat(expect(2).run("config", "check", bad.toString()).err())
                .contains("http.port")
                .contains("http.hots")
                .contains("did you mean http.host")
                .contains("poll.interval")
                .contains("md5")
                .doesNotContain("s3cr3t-value");
        assertThat(expect(2).run("config", "check", "nowhere.yaml").err()).contains("nowhere.yaml");
        Path broken =
                Files.writeString(directory.resolve("broken.yaml"), "secret: [s3cr3t-value\n: :");
        assertThat(expect(2).run("config", "check", broken.toString()).err())
                .contains("not valid YAML")
                .doesNotContain("s3cr3t-value");
        assertThat(expect(0).run("config", "reference").out()).isEqualTo(ConfigCommand.page());
    }

    @Test
    void aListOfServersIsReadInTinyscalesForm() throws IOException {
        Path file = directory.resolve("servers.json");
        Files.writeString(
                file,
                "[{\"host\": \"https://a.example.org\", \"secret\": \"s1\", \"weight\": 2}, {\"host\": \"http://127.0.0.1:9001\", \"secret\": \"s2\", \"id\": \"b\"}]");
        assertThat(ServersFile.read(file))
                .extracting(wish -> wish.url())
                .containsExactly("https://a.example.org", "http://127.0.0.1:9001");
        assertThat(ServersFile.read(file).getFirst().weight()).isEqualTo(2);
        var wrong =
                Map.of(
                        "{}", "must be a list",
                        "[{\"host\": \"https://a\", \"secret\": \"S3CRET\"", "is not JSON",
                        "[{\"host\": \"https://a\"}]", "entry 1 needs host and secret",
                        "[1]", "entry 1 needs host and secret",
                        "[{\"hosst\": \"https://a\", \"secret\": \"S3CRET\"}]",
                                "entry 1: hosst is not known of a server; did you mean host?",
                        "[{\"host\": \"a\", \"secret\": \"S3CRET\"}]",
                                "entry 1: 'a' is not an address",
                        "[{\"host\": \"https://a\", \"secret\": \"S3CRET\"}, {\"host\": \"https://a/bigbluebutton/\", \"secret\": \"S3CRET\"}]",
                                "entry 2 names https://a/bigbluebutton/api/ a second time",
                        "", "must be a list");
        wrong.forEach((text, message) -> {
            write(file, text);
            var done = expect(2).run("serve", "--servers", file.toString());
            assertThat(done.err()).as(text).contains(message).doesNotContain("S3CRET");
            assertThat(done.err().lines()).as(text).hasSize(1);
        });
        assertThat(expect(2).run("serve", "--servers", "nowhere.json").err())
                .contains("cannot read nowhere.json");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private record Expectation(int code, String input) {
        Expectation typing(String text) {
            return new Expectation(code, text);
        }

        Ran run(String... words) {
            byte[] typed = input.getBytes(StandardCharsets.UTF_8);
            return Ran.of(environment, typed, words).returning(code, words);
        }
    }

    private static Expectation expect(int code) {
        return new Expectation(code, "");
    }

    private static Ran run(Map<String, String> environment, String... words) {
        return Ran.of(environment, new byte[0], words);
    }
}
