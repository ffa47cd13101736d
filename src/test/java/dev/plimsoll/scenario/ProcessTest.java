// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.RawHttp;
import dev.plimsoll.testing.RunningCommand;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/// Plimsoll as its users start it: processes of their own, their exit codes, and how they stop.
@Timeout(120)
final class ProcessTest {

    private static final Secret SECRET = new Secret("s-h-a-r-e-d");

    @TempDir private Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void serveServesUntilItIsAskedToStopAndFinishesWhatRuns() throws Exception {
        var server = simulator();
        Path servers = servers(server);
        var serve = serve(Map.of(), "serve", "--servers", servers.toString());
        var url = URI.create(data("url"));
        var target = new Target(url.resolve("/bigbluebutton/api/"), SECRET);
        Map<String, String> operator =
                Map.of("PLIMSOLL_DATA", directory.resolve("data").toString());

        assertThat(plimsoll(operator, "status").out())
                .containsPattern("127.0.0.1-\\d+ +enabled +online");
        assertThat(target.get("create", "name=Algebra&meetingID=alg-1").text("returncode"))
                .isEqualTo("SUCCESS");

        server.faults().add(FaultRule.parse("create=delay:2s"));
        var slow =
                CompletableFuture.supplyAsync(
                        () -> target.get("create", "name=Slow&meetingID=slow-1"));
        serve.awaitThat(() -> server.control().calls("create") >= 2, "the slow create");
        serve.terminate();
        assertThat(slow.get().text("returncode")).isEqualTo("SUCCESS");
        var ended = serve.end();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEmpty();
        assertThatThrownBy(
                        () -> new Socket(InetAddress.getLoopbackAddress(), url.getPort()).close())
                .isInstanceOf(ConnectException.class);
        assertThat(directory.resolve("data/url")).doesNotExist();

        // Started again with the same file: nothing is added twice, and the meetings are still
        // there.
        var again = serve(Map.of(), "serve", "--servers", servers.toString());
        assertThat(plimsoll(operator, "servers", "--csv").out().lines()).hasSize(2);
        assertThat(plimsoll(operator, "meetings", "list").out()).contains("alg-1", "slow-1");
        again.terminate();
        assertThat(again.end().code()).isZero();
    }

    @Test
    void serveReadsItsSettingsFromAFile() throws IOException {
        Path yaml =
                Files.writeString(
                        directory.resolve("plimsoll.yaml"),
                        "data: %s\nhttp:\n  port: 0\nsecret: %s\nlog:\n  format: json\n"
                                .formatted(directory.resolve("data"), SECRET.reveal()));
        for (var how :
                List.of(
                        List.of("serve", "--config", yaml.toString()),
                        List.of("serve"))) { // found in the working directory
            var serve = start(Map.of(), how.toArray(String[]::new));
            serve.awaitText("Plimsoll is ready");
            assertThat(serve.err())
                    .startsWith("{")
                    .contains("\"listening\"")
                    .doesNotContain(SECRET.reveal());
            var api = URI.create(data("url")).resolve("/bigbluebutton/api/");
            assertThat(new Target(api, SECRET).get("getMeetings", "").text("returncode"))
                    .isEqualTo("SUCCESS");
            serve.terminate();
            assertThat(serve.end().code()).isZero();
        }
        var shown = plimsoll(Map.of("PLIMSOLL_HTTP_PORT", "7777"), "config", "show");
        assertThat(shown.out())
                .containsPattern("http.port +7777 +PLIMSOLL_HTTP_PORT")
                .containsPattern("secret +•••• +" + Pattern.quote(yaml.getFileName().toString()))
                .doesNotContain(SECRET.reveal());
    }

    @Test
    void whatKeepsServeFromStartingIsOneSentence() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            expectRefusal(1, "another program", Map.of("PLIMSOLL_HTTP_PORT", port), "serve");
            expectRefusal(1, "another program", Map.of(), "demo", "--port", port, "--servers", "1");
            expectRefusal(1, "another program", Map.of(), "simulator", "--port", port);
        }
        Path file = Files.writeString(directory.resolve("file"), "");
        expectRefusal(1, file.toString(), Map.of("PLIMSOLL_DATA", file.toString()), "serve");
        expectRefusal(1, "/proc/plimsoll", Map.of("PLIMSOLL_DATA", "/proc/plimsoll"), "serve");
        expectRefusal(2, "nowhere.yaml", Map.of("PLIMSOLL_CONFIG", "nowhere.yaml"), "serve");
        expectRefusal(2, "nowhere.json", Map.of(), "serve", "--servers", "nowhere.json");
        expectRefusal(2, "Did you mean", Map.of(), "serv");

        serve(Map.of(), "serve");
        expectRefusal(1, "another", Map.of(), "serve");
    }

    @Test
    void onATerminalTheSecretIsAskedFor() {
        serve(Map.of(), "serve");
        String[] add = {"servers", "add", "http://127.0.0.1:9", "--id", "x", "--secret-stdin"};
        var asked = RunningCommand.onTerminal(directory, environment(Map.of()), "typed", add);
        assertThat(asked.out()).contains("The server's secret (not shown): ", "server x is added");
        assertThat(asked.code()).isZero();
    }

    @Test
    void allWrongSettingsAreToldAtOnce() {
        var ended =
                plimsoll(
                        Map.of(
                                "PLIMSOLL_HTTP_PORT", "many",
                                "PLIMSOLL_POLL_INTERVALL", "1s",
                                "PLIMSOLL_LOG_LEVEL", "loud",
                                "PLIMSOLL_DATABASE_URL", "mysql://u:s3cr3t@h/d"),
                        "serve");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains(
                        "http.port",
                        "PLIMSOLL_POLL_INTERVALL",
                        "PLIMSOLL_POLL_INTERVAL?",
                        "log.level",
                        "database.url")
                .doesNotContain("s3cr3t");
    }

    @Test
    void withPostgresqlTheSecretMustBeGivenSinceOthersNeedTheSame() throws IOException {
        var postgres = Map.of("PLIMSOLL_DATABASE_URL", "postgresql://u:s3cr3t@127.0.0.1:1/d");
        var without = new HashMap<>(postgres);
        without.put("PLIMSOLL_SECRET", "");
        expectRefusal(2, "secret is not set", without, "serve");
        expectRefusal(1, "cannot open the database", postgres, "serve");
        // As a restored backup leaves it.
        Files.writeString(directory.resolve("data/secret"), "restored");
        expectRefusal(1, "cannot open the database", without, "serve");
    }

    @Test
    void theLogShowsNothingSecretOrPersonal() {
        var server = simulator();
        var serve =
                serve(
                        Map.of("PLIMSOLL_LOG_LEVEL", "debug", "PLIMSOLL_LOG_FORMAT", "json"),
                        "serve",
                        "--servers",
                        servers(server).toString());
        var url = URI.create(data("url"));
        var target = new Target(url.resolve("/bigbluebutton/api/"), SECRET);
        String query =
                "name=N4me&meetingID=m33ting&moderatorPW=p4ssword&attendeePW=4ttendee&meta_a=m3ta";
        target.get("create", query);
        target.get("create", query + "&record=maybe");
        target.get("join", "fullName=Z0e&meetingID=m33ting&password=p4ssword");
        target.get("join", "fullName=Z0e&meetingID=m33ting&password=p4ssword&redirect=false");
        target.get("join", "fullName=Z0e&meetingID=nope&password=p4ssword");
        target.raw("join", "fullName=Z0e&checksum=" + "abc123".repeat(7));
        target.post("create", target.sign("create", query), "text/xml", "<broken b0dy");
        server.faults().add(FaultRule.parse("garbage"));
        target.get("getMeetingInfo", "meetingID=m33ting&password=p4ssword");
        target.get("create", "name=N4me&meetingID=another&moderatorPW=p4ssword");
        new RawHttp(url.getPort())
                .send("GET /bigbluebutton/api/join?fullName=Z0e " + "x".repeat(100_000));
        new RawHttp(url.getPort()).send("BAD\u0001 /p4ssword");
        serve.terminate();
        String log = serve.end().err();
        assertThat(log.lines().count()).as("there is something to look at").isGreaterThan(5);
        assertThat(log.lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(log)
                .doesNotContain(
                        "N4me",
                        "p4ssword",
                        "Z0e",
                        "m3ta",
                        "b0dy",
                        "abc123",
                        "checksum=",
                        "4ttendee")
                .doesNotContain(SECRET.reveal(), server.secret().reveal(), data("admin-token"));
    }

    @Test
    void theDemoShowsAPoolThatWorksAndLeavesNothingBehind() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        var demo =
                start(
                        Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary),
                        "demo",
                        "--port",
                        "0",
                        "--servers",
                        "2");
        demo.awaitText("Ctrl-C");
        String printed = demo.out();
        var created =
                Target.send(
                        HttpRequest.newBuilder(
                                address(printed, "curl '(http[^']+/create\\?[^']+)'")));
        assertThat(created.text("returncode")).isEqualTo("SUCCESS");
        var joined =
                Target.send(HttpRequest.newBuilder(address(printed, "(http\\S+/join\\?\\S+)")));
        assertThat(joined.status()).isEqualTo(302);
        var atServer = Target.send(HttpRequest.newBuilder(URI.create(joined.header("Location"))));
        assertThat(atServer.status()).isEqualTo(302);
        assertThat(
                        Target.send(HttpRequest.newBuilder(URI.create(atServer.header("Location"))))
                                .status())
                .isEqualTo(200);
        var status =
                plimsoll(
                        Map.of(
                                "PLIMSOLL_URL", address(printed, "PLIMSOLL_URL=(\\S+)").toString(),
                                "PLIMSOLL_TOKEN", find(printed, "PLIMSOLL_TOKEN=(\\S+)")),
                        "status");
        assertThat(status.out()).containsPattern("bbb1 +enabled +online").contains("7 meetings");
        assertThat(temporary).isNotEmptyDirectory();
        demo.terminate();
        assertThat(demo.end().code()).isZero();
        try (var left = Files.list(temporary)) {
            // The JVM's own files go with it; ours must not stay.
            assertThat(
                            left.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.startsWith("hsperf")))
                    .isEmpty();
        }
    }

    @Test
    void theSimulatorMisbehavesAsItIsTold() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "sim-secret\n");
        var simulator =
                start(
                        Map.of(),
                        "simulator",
                        "--port",
                        "0",
                        "--secret-file",
                        secret.toString(),
                        "--fault",
                        "getMeetings=status:503*1",
                        "--fault",
                        "create=refuse:tooBusy:Come back later");
        simulator.awaitText("a simulated BigBlueButton server");
        assertThat(simulator.out()).doesNotContain("sim-secret");
        var target =
                new Target(address(simulator.out(), "(http\\S+/api/)"), new Secret("sim-secret"));
        assertThat(target.get("getMeetings", "").status()).isEqualTo(503);
        assertThat(target.get("getMeetings", "").text("returncode")).isEqualTo("SUCCESS");
        assertThat(target.get("create", "name=Al&meetingID=al").text("messageKey"))
                .isEqualTo("tooBusy");
        simulator.terminate();
        assertThat(simulator.end().code()).isZero();
    }

    private SimulatedServer simulator() {
        var settings =
                SimulatorSettings.standard(new Secret("server-s3cr3t")).withVersion("3.0.18");
        var server = SimulatedServer.start(settings, Clock.systemUTC(), new Random(1));
        open.add(server);
        return server;
    }

    private Path servers(SimulatedServer server) {
        try {
            return Files.writeString(
                    directory.resolve("servers.json"),
                    "[{\"host\": \"%s\", \"secret\": \"%s\"}]"
                            .formatted(server.api(), server.secret().reveal()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RunningCommand serve(Map<String, String> more, String... arguments) {
        var serve = start(more, arguments);
        serve.awaitText("Plimsoll is ready");
        return serve;
    }

    private RunningCommand start(Map<String, String> more, String... arguments) {
        var program = RunningCommand.plimsoll(directory, environment(more), arguments);
        open.add(program);
        return program;
    }

    private RunningCommand.Ended plimsoll(Map<String, String> more, String... arguments) {
        try (var program = RunningCommand.plimsoll(directory, environment(more), arguments)) {
            var ended = program.end();
            assertThat(ended.err()).doesNotContain("\tat ", "Exception");
            return ended;
        }
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        if (!Files.exists(directory.resolve("plimsoll.yaml"))) {
            environment.put("PLIMSOLL_DATA", directory.resolve("data").toString());
            environment.put("PLIMSOLL_HTTP_PORT", "0");
            environment.put("PLIMSOLL_SECRET", SECRET.reveal());
        }
        environment.putAll(more);
        return environment;
    }

    private void expectRefusal(
            int code, String reason, Map<String, String> more, String... arguments) {
        var ended = plimsoll(more, arguments);
        assertThat(ended.err()).contains(reason);
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        if (code == 1) {
            assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
        }
    }

    private String data(String file) {
        try {
            return Files.readString(directory.resolve("data").resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI address(String text, String pattern) {
        return URI.create(find(text, pattern));
    }

    private static String find(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
