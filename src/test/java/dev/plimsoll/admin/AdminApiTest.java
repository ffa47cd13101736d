// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.EventView;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.Panicked;
import dev.plimsoll.adminapi.Problem;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.StatusView;
import dev.plimsoll.adminapi.Synced;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The admin API and the pages beside it, over HTTP, on a running balancer with two servers.
@Timeout(30)
final class AdminApiTest {

    private static final String SECRET = "a-very-secret-secret";
    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    private final Balancer balancer = Balancer.start(2);

    @AfterEach
    void close() {
        balancer.close();
    }

    @Test
    void everyRouteAnswersInItsForm() {
        create("room 1/ä?");
        String id = "room%201%2F%C3%A4%3F";
        send("POST", "/servers", wish("spare", "https://spare.example.org", ""));
        Set<AdminRoutes> tried = new HashSet<>();
        for (AdminRoutes route : AdminRoutes.values()) {
            tried.add(route);
            String path = route.template();
            switch (route) {
                case STATUS -> {
                    var status = read(ok("GET", path, ""), StatusView.class);
                    assertThat(status.servers()).hasSize(3);
                    assertThat(status.meetings()).isEqualTo(1);
                    assertThat(status.version()).isNotEmpty();
                }
                case SERVERS_LIST ->
                        assertThat(read(ok("GET", path, ""), ServerView[].class))
                                .extracting(ServerView::id)
                                .containsExactlyInAnyOrder("bbb1", "bbb2", "spare");
                case SERVERS_ADD -> {
                    var added = send("POST", path, wish("new", "https://new.example.org", ""));
                    assertThat(added.status()).isEqualTo(201);
                    assertThat(read(added, ServerView.class).admission()).isEqualTo("cordoned");
                }
                case SERVERS_SHOW -> {
                    var shown = read(ok("GET", "/servers/bbb1", ""), ServerView.class);
                    assertThat(shown.health()).isEqualTo("online");
                    assertThat(shown.version()).isEqualTo("3.0.18");
                }
                case SERVERS_SET -> {
                    expectChanged("PATCH", "/servers/new", "{\"weight\": 2, \"tags\": [\"a\"]}");
                    var set = read(ok("GET", "/servers/new", ""), ServerView.class);
                    assertThat(set.weight()).isEqualTo(2);
                    assertThat(set.tags()).containsExactly("a");
                }
                case SERVERS_ENABLE, SERVERS_CORDON, SERVERS_DRAIN, SERVERS_DISABLE -> {
                    expectChanged("POST", path.replace("{}", "new"), "");
                    expectUnchanged("POST", path.replace("{}", "new"), "");
                }
                case SERVERS_POLL ->
                        assertThat(
                                        read(ok("POST", "/servers/bbb2/poll", ""), ServerView.class)
                                                .id())
                                .isEqualTo("bbb2");
                case SERVERS_PANIC -> {
                    var panicked =
                            read(ok("POST", path.replace("{}", "spare"), ""), Panicked.class);
                    assertThat(panicked.changed()).isTrue();
                    assertThat(panicked.ended() + panicked.forgotten()).isZero();
                    assertThat(
                                    read(
                                                    ok("POST", path.replace("{}", "spare"), ""),
                                                    Panicked.class)
                                            .changed())
                            .isFalse();
                }
                case SERVERS_REMOVE_BY_FORCE ->
                        expectChanged("POST", path.replace("{}", "spare"), "");
                case MEETINGS_MOVE -> {
                    create("to move");
                    String move = "/meetings/to%20move/move";
                    var answer = read(ok("POST", move, "{}"), Changed.class);
                    assertThat(answer.message()).contains("is moved from server");
                    String there = answer.message().contains("to bbb1") ? "bbb1" : "bbb2";
                    expectUnchanged("POST", move, "{\"to\": \"%s\"}".formatted(there));
                    expectProblem(send("POST", move, "{\"to\": \"nosuch\"}"), 404, "not-found");
                    expectProblem(send("POST", move, "{\"where\": 1}"), 400, "invalid");
                    ok("POST", "/meetings/to%20move/end", "");
                }
                case SERVERS_REMOVE -> {} // below, at the end: others need it
                case SERVERS_SYNC -> {
                    String list =
                            "{\"servers\": ["
                                    + wish("new", "https://new.example.org", "")
                                    + "], \"dryRun\": true}";
                    var synced = read(ok("POST", path, list), Synced.class);
                    assertThat(synced.left()).containsExactly("bbb1", "bbb2");
                    expectProblem(send("POST", path, "{\"servers\": [null]}"), 400, "invalid");
                    expectProblem(send("POST", path, "[]"), 400, "invalid");
                }
                case EVENTS -> {
                    var all = read(ok("GET", path, ""), EventView[].class);
                    assertThat(all).extracting(EventView::id).isSorted();
                    assertThat(all)
                            .filteredOn(event -> event.subject().equals("new"))
                            .extracting(EventView::kind)
                            .startsWith("server-added", "server-changed");
                    long first = all[0].id();
                    assertThat(
                                    read(
                                            ok("GET", path + "?limit=1&after=" + first, ""),
                                            EventView[].class))
                            .containsExactly(all[1]);
                    assertThat(read(ok("GET", path + "?limit=2", ""), EventView[].class))
                            .hasSize(2);
                    expectProblem(send("GET", path + "?after=x", ""), 400, "invalid");
                }
                case MEETINGS_LIST ->
                        assertThat(read(ok("GET", path, ""), MeetingView[].class)).hasSize(1);
                case MEETINGS_SHOW -> {
                    var meeting = read(ok("GET", "/meetings/" + id, ""), MeetingView.class);
                    assertThat(meeting.id()).isEqualTo("room 1/ä?");
                    assertThat(meeting.state()).isEqualTo("confirmed");
                }
                case MEETINGS_END -> {
                    expectChanged("POST", "/meetings/" + id + "/end", "");
                    expectProblem(send("POST", "/meetings/" + id + "/end", ""), 404, "not-found");
                }
            }
        }
        expectChanged("DELETE", "/servers/new", "");
        expectProblem(send("DELETE", "/servers/new", ""), 404, "not-found");
        assertThat(tried).hasSameSizeAs(AdminRoutes.values());
    }

    @Test
    void aStreamOfEventsGoesOnWhereItsReaderLeftOff() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var first = stream(http, "0");
            assertThat(first).contains("retry: 1000", "id: 1", "event: server-added");
            assertThat(first.getLast()).isEmpty();
            String last = first.stream().filter(line -> line.startsWith("id: ")).toList().getLast();
            var waiting = Together.begin(() -> stream(http, last.substring(4)));
            expectChanged("POST", "/servers/bbb2/cordon", "");
            var next = Together.result(waiting);
            assertThat(next)
                    .contains("event: server-cordoned")
                    .filteredOn(line -> line.startsWith("data: "))
                    .singleElement()
                    .asString()
                    .contains("\"subject\":\"bbb2\"", "\"text\":\"was enabled\"");
        }
    }

    @Test
    void aStreamWithoutAPastBeginsNow() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var waiting = Together.begin(() -> stream(http, ""));
            int[] tries = {0};
            Together.until(
                    "it is told of the next event",
                    () -> {
                        // It may not have begun yet when the first one comes.
                        expectChanged(
                                "POST",
                                "/servers/bbb2/" + (tries[0]++ % 2 == 0 ? "cordon" : "enable"),
                                "");
                        return waiting.isDone();
                    });
            assertThat(Together.result(waiting))
                    .filteredOn(line -> line.startsWith("event: "))
                    .isNotEmpty()
                    .doesNotContain("event: server-added");
        }
    }

    @Test
    void readersOfEventsDoNotHoldUpAStop() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            long start;
            try (var other = Balancer.start(0, "PLIMSOLL_HTTP_GRACE", "20s")) {
                var answer = http.send(streamOf(other, ""), BodyHandlers.ofInputStream());
                assertThat(answer.body().read()).isEqualTo('r');
                start = System.nanoTime();
            }
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
        }
    }

    private List<String> stream(HttpClient http, String lastEventId) throws Exception {
        var answer = http.send(streamOf(balancer, lastEventId), BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        return answer.body().toList();
    }

    private static HttpRequest streamOf(Balancer balancer, String lastEventId) {
        var request =
                HttpRequest.newBuilder(URI.create(balancer.url() + "/api/v1/events"))
                        .header("Authorization", "Bearer " + balancer.adminToken().reveal())
                        .header("Accept", "text/event-stream");
        return (lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId))
                .build();
    }

    @Test
    void everyRouteWantsTheToken() {
        String token = balancer.adminToken().reveal();
        for (AdminRoutes route : AdminRoutes.values()) {
            for (String header :
                    List.of(
                            "",
                            "Bearer",
                            "Bearer ",
                            "Bearer wrong",
                            "Bearer " + token + "x",
                            "Bearer " + token.substring(1),
                            "Basic " + token,
                            token)) {
                var request =
                        HttpRequest.newBuilder(
                                        URI.create(
                                                balancer.url()
                                                        + route.path(
                                                                route.template().contains("{}")
                                                                        ? "bbb1"
                                                                        : "")))
                                .method(route.method(), HttpRequest.BodyPublishers.noBody());
                if (!header.isEmpty()) {
                    request.header("Authorization", header);
                }
                var answer = Target.send(request);
                expectProblem(answer, 401, "unauthorized");
                assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
                assertThat(answer.body()).doesNotContain(token);
            }
        }
        for (String scheme : List.of("Bearer ", "bearer ", "BEARER  ")) {
            var answer =
                    Target.send(
                            HttpRequest.newBuilder(URI.create(balancer.url() + "/api/v1/status"))
                                    .header("Authorization", scheme + token));
            assertThat(answer.status()).as(scheme).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotThereIsToldAsProblem() {
        expectProblem(send("GET", "/nothing", ""), 404, "not-found");
        expectProblem(send("GET", "/servers/", ""), 404, "not-found");
        expectProblem(send("GET", "/servers/a/b", ""), 404, "not-found");
        expectProblem(send("GET", "/servers/a%2Fb", ""), 404, "not-found");
        expectProblem(send("GET", "/servers/%C3%A4%00", ""), 404, "not-found");
        expectProblem(send("GET", "/meetings/nope", ""), 404, "not-found");
        expectProblem(Target.send(authorized("/api")), 404, "not-found");
        expectProblem(Target.send(authorized("/api/v2/status")), 404, "not-found");
    }

    @Test
    void aRouteByAnotherMethodSaysWhichItTakes() {
        var status = send("POST", "/status", "{}");
        expectProblem(status, 405, "method-not-allowed");
        assertThat(status.header("Allow")).isEqualTo("GET");
        var servers = send("PUT", "/servers/bbb1", "{}");
        expectProblem(servers, 405, "method-not-allowed");
        assertThat(servers.header("Allow")).isEqualTo("GET, PATCH, DELETE");
        expectProblem(send("GET", "/servers/bbb1/enable", ""), 405, "method-not-allowed");
    }

    @Test
    void aBodyThatIsNotUnderstoodIsRefusedWithoutQuotingIt() {
        for (String body :
                List.of(
                        "",
                        "{",
                        "[]",
                        "null",
                        "\"" + SECRET + "\"",
                        "{\"secret\": \"" + SECRET + "\", \"url\": }",
                        "{\"secret\": \"" + SECRET + "\", \"colour\": 1}",
                        "{\"secret\": [\"" + SECRET + "\"]}",
                        "{\"secret\": \"" + SECRET + "\", \"weight\": \"heavy\"}",
                        "{\"secret\": \"" + SECRET + "\"}",
                        "{\"url\": \"https://x.example.org\"}",
                        "{\"url\": \"https://x.example.org\", \"secret\": \" \"}",
                        "{\"url\": 5, \"secret\": \"" + SECRET + "\", \"tags\": \"a\"}",
                        "[".repeat(50_000))) {
            var answer = send("POST", "/servers", body);
            expectProblem(answer, 400, "invalid");
            assertThat(answer.body()).doesNotContain(SECRET);
        }
        var large = send("POST", "/servers", "{\"secret\": \"" + SECRET.repeat(10_000) + "\"}");
        expectProblem(large, 413, "requestTooLarge");
        assertThat(large.body()).doesNotContain(SECRET);
    }

    @Test
    void wrongServersAreRefused() {
        for (String address :
                List.of(
                        "bbb.example.org",
                        "ftp://bbb.example.org",
                        "https://",
                        "https://user:word@bbb.example.org",
                        "https://bbb.example.org/?x=1",
                        "https://bbb example.org",
                        "")) {
            expectProblem(send("POST", "/servers", wish("x", address, "")), 400, "invalid");
        }
        for (String id : List.of("", "-", "a b", "a/b", "ä", "x".repeat(101), "..")) {
            expectProblem(
                    send("POST", "/servers", wish(id, "https://x.example.org", "")),
                    400,
                    "invalid");
        }
        for (String wrong :
                List.of(
                        "\"weight\": 0",
                        "\"weight\": -1",
                        "\"weight\": 1e9",
                        "\"weight\": \"NaN\"",
                        "\"maxUsers\": -1",
                        "\"maxUsers\": 1.5",
                        "\"maxMeetings\": 1000001",
                        "\"maxPerMinute\": \"some\"",
                        "\"tags\": [\"a b\"]",
                        "\"tags\": [\"\"]",
                        "\"tags\": [null]",
                        "\"tags\": [\"ä\"]")) {
            var wish = wish("x", "https://x.example.org", ", " + wrong);
            expectProblem(send("POST", "/servers", wish), 400, "invalid");
            expectProblem(send("PATCH", "/servers/bbb1", "{" + wrong + "}"), 400, "invalid");
        }
        expectProblem(send("PATCH", "/servers/bbb1", "{\"id\": \"other\"}"), 400, "invalid");
        expectProblem(send("PATCH", "/servers/bbb1", "{\"url\": \"nowhere\"}"), 400, "invalid");
        expectProblem(send("PATCH", "/servers/nope", "{\"weight\": 2}"), 404, "not-found");
        assertThat(read(ok("GET", "/servers", ""), ServerView[].class)).hasSize(2);
    }

    @Test
    void aServerIsAddedOnce() {
        assertThat(send("POST", "/servers", wish("new", "https://new.example.org", "")).status())
                .isEqualTo(201);
        expectProblem(
                send("POST", "/servers", wish("new", "https://other.example.org", "")),
                409,
                "conflict");
        expectProblem(
                send(
                        "POST",
                        "/servers",
                        wish("other", "https://new.example.org/bigbluebutton/api/", "")),
                409,
                "conflict");
        expectProblem(
                send("PATCH", "/servers/bbb1", "{\"url\": \"https://new.example.org\"}"),
                409,
                "conflict");
    }

    @Test
    void aServerWithMeetingsIsNotTakenAway() {
        create("alg-1");
        String busy = read(ok("GET", "/meetings/alg-1", ""), MeetingView.class).server();
        for (String what : List.of("POST /servers/%s/disable", "DELETE /servers/%s")) {
            String[] parts = what.formatted(busy).split(" ", 2);
            var refused = send(parts[0], parts[1], "");
            expectProblem(refused, 409, "conflict");
            assertThat(refused.body()).contains("1 meeting runs on server " + busy);
        }
        expectChanged("POST", "/servers/" + busy + "/drain", "");
        expectChanged("POST", "/meetings/alg-1/end", "");
        expectChanged("POST", "/servers/" + busy + "/disable", "");
    }

    @Test
    void aMeetingOnASilentServerIsNotForgotten() {
        create("alg-1");
        balancer.serverOf("alg-1").faults().add(FaultRule.parse("end=status:503"));
        expectProblem(send("POST", "/meetings/alg-1/end", ""), 409, "conflict");
        assertThat(send("GET", "/meetings/alg-1", "").status()).isEqualTo(200);
    }

    @Test
    void healthPagesAnswerWithoutAToken() {
        assertThat(page("/health/live").body()).isEqualTo("live\n");
        assertThat(page("/health/ready").body()).isEqualTo("ready\n");
        assertThat(page("/health/ready").header("Cache-Control")).isEqualTo("no-store");
        assertThat(page("/health").status()).isEqualTo(404);
        assertThat(page("/health/other").status()).isEqualTo(404);
    }

    @Test
    void metricsAreInPrometheusForm() {
        create("alg-1");
        var metrics = page("/metrics");
        assertThat(metrics.header("Content-Type")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body())
                .contains(
                        "plimsoll_meetings 1.0",
                        "plimsoll_server_online{server=\"bbb1\"} 1.0",
                        "plimsoll_server_takes_new_meetings{server=\"bbb2\"} 1.0",
                        "plimsoll_server_load{",
                        "plimsoll_server_users{",
                        "plimsoll_server_meetings{",
                        "plimsoll_server_max_users{server=\"bbb1\"} 0.0",
                        "plimsoll_server_max_meetings{server=\"bbb1\"} 0.0",
                        "plimsoll_server_full{server=\"bbb1\"} 0.0",
                        "plimsoll_creates_without_server_total 0.0",
                        "plimsoll_api_requests_total{call=\"create\",outcome=\"answered\"} 1.0",
                        "plimsoll_create_attempts_total{",
                        "plimsoll_polls_total{",
                        "plimsoll_server_call_seconds_bucket{");
        metrics.body()
                .lines()
                .forEach(line ->
                        assertThat(line)
                                .matches(
                                        "# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E+-]+|.*\\+Inf.*"));
    }

    @Test
    void theFrontPageIsForPeopleWhoEndUpThere() {
        assertThat(page("/").body()).contains("<h1>Plimsoll</h1>");
        var failed = page("/?errors=[%7B%22message%22:%22%3Cscript%3E%22%7D]");
        assertThat(failed.body()).contains("could not join").doesNotContain("script>");
        assertThat(failed.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page("/nothing").status()).isEqualTo(404);
        assertThat(page("/apiary").status()).isEqualTo(404);
    }

    private void create(String id) {
        var made =
                balancer.target()
                        .get(
                                "create",
                                "name=Algebra&meetingID=" + dev.plimsoll.bbb.Params.encode(id));
        assertThat(made.text("returncode")).as(made.body()).isEqualTo("SUCCESS");
    }

    private static String wish(String id, String address, String more) {
        return "{\"id\": \"%s\", \"url\": \"%s\", \"secret\": \"%s\"%s}"
                .formatted(id, address, SECRET, more);
    }

    private Target.Answer page(String path) {
        return Target.send(HttpRequest.newBuilder(URI.create(balancer.url() + path)));
    }

    private HttpRequest.Builder authorized(String path) {
        return HttpRequest.newBuilder(URI.create(balancer.url() + path))
                .header("Authorization", "Bearer " + balancer.adminToken().reveal());
    }

    /// Sends a request, and sees that no secret comes back.
    private Target.Answer send(String method, String path, String body) {
        var answer = balancer.admin(method, path, body);
        assertThat(answer.body())
                .doesNotContain(SECRET, "secret-of-bbb", balancer.adminToken().reveal());
        return answer;
    }

    private Target.Answer ok(String method, String path, String body) {
        var answer = send(method, path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private void expectChanged(String method, String path, String body) {
        assertThat(read(ok(method, path, body), Changed.class).changed()).as(path).isTrue();
    }

    private void expectUnchanged(String method, String path, String body) {
        assertThat(read(ok(method, path, body), Changed.class).changed()).as(path).isFalse();
    }

    private static <T> T read(Target.Answer answer, Class<T> form) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        return STRICT.readValue(answer.body(), form);
    }

    private static void expectProblem(Target.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        var problem = STRICT.readValue(answer.body(), Problem.class);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.type()).isEqualTo(type);
        assertThat(problem.detail()).isNotBlank();
        assertThat(answer.body()).doesNotContain("Exception", "dev.plimsoll", "java.");
    }
}
