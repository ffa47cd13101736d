// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.EvilServer;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.RawHttp;
import dev.plimsoll.testing.ServeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// `make fuzz`: thousands of broken requests and broken servers' answers against a balancer in a process of its own.
/// No failure of ours without an incident id, no hang, flat memory, and a good call is answered quickly afterwards.
///
/// Takes about a minute, so it is no `…Test`. FUZZ_SEED repeats a run; its requests are the same, their order is not.
final class FuzzRun {

    private static final int REQUESTS = 10_000;
    private static final int ANSWERS = 1_000;
    private static final int AT_ONCE = 8;
    private static final Duration HANG = Duration.ofSeconds(12);
    private static final int GROWTH = 60_000; // kB; the heap itself may grow to 256 MB
    private static final List<String> CALLS =
            List.of(
                    "create",
                    "join",
                    "end",
                    "getMeetingInfo",
                    "isMeetingRunning",
                    "getMeetings",
                    "insertDocument",
                    "sendChatMessage",
                    "getRecordings",
                    "publishRecordings",
                    "getRecordingTextTracks",
                    "putRecordingTextTrack");
    private static final List<String> ANSWER_PARTS =
            List.of(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2000\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n",
                    "HTTP/1.1 500 x\r\nConnection: close\r\n\r\n");
    private static final String DOCUMENT =
            "<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>fuzz</meetingID>"
                    + "<internalMeetingID>fuzz-1772546709112</internalMeetingID><createTime>1772546709112</createTime>"
                    + "<participantCount>1</participantCount><attendees><attendee><userID>é🙂</userID></attendee></attendees>"
                    + "</meeting></meetings><messageKey></messageKey><message>&lt;x&gt;</message></response>";

    private static final String CREATED =
            "<response><returncode>SUCCESS</returncode><meetingID>fuzz</meetingID>"
                    + "<internalMeetingID>fuzz-1772546709112</internalMeetingID><parentMeetingID>bbb-none</parentMeetingID>"
                    + "<createTime>1772546709112</createTime><url>http://127.0.0.1:1/é🙂</url>"
                    + "<auth_token>x</auth_token><session_token>y</session_token>"
                    + "<messageKey>duplicateWarning</messageKey><message>&lt;x&gt;</message></response>";
    private static final String WHOM = "meetingID=fuzz";

    /// What meets broken answers, and how it is asked. The evil server runs `fuzz`, so its own answers come back.
    private static final Map<String, String> ASKED =
            Map.of(
                    "getMeetingInfo", WHOM,
                    "getMeetings", "",
                    "isMeetingRunning", WHOM,
                    "getRecordings", WHOM,
                    "create", WHOM + "&name=fuzz",
                    "join", WHOM + "&fullName=A&role=VIEWER&redirect=false",
                    "end", WHOM);

    private final long seed = seed();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger incidents = new AtomicInteger();
    private final AtomicLong slowest = new AtomicLong();

    private static long seed() {
        String given = System.getenv("FUZZ_SEED");
        return given == null ? new Random().nextInt(1_000_000) : Long.parseLong(given);
    }

    @Test
    @Timeout(300)
    void nothingBreaks() throws Exception {
        System.out.println("fuzz: FUZZ_SEED=" + seed);
        Path data = Balancer.temporaryDirectory();
        var settings =
                Map.of(
                        "PLIMSOLL_POLL_INTERVAL", "1h",
                        "PLIMSOLL_POLL_FAILURES_UNTIL_OFFLINE", "20",
                        "PLIMSOLL_POLL_SUCCESSES_UNTIL_ONLINE", "1",
                        "PLIMSOLL_BBB_ANSWER_TIMEOUT", "1s",
                        "PLIMSOLL_CREATE_BUDGET", "3s",
                        "PLIMSOLL_LOG_LEVEL", "error");
        try (var evil = EvilServer.start();
                var decent = new Decent(3);
                var serve = ServeProcess.start(data, settings)) {
            serve.add("evil", evil.api(), new Secret("secret"));
            var api = serve.api();
            assertThat(api.create("fuzz").succeeded()).isTrue();
            for (var server : decent.servers()) {
                serve.add("bbb" + server.api().getPort(), server.api(), server.secret());
            }
            throwRequests(api, 1000, seed + 1); // until it has grown to its size
            throwAnswers(serve, evil, 100, seed + 1);
            long before = resident(serve);
            long start = System.nanoTime();
            throwRequests(api, REQUESTS, seed);
            throwAnswers(serve, evil, ANSWERS, seed);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            long after = resident(serve);
            evil.repent();
            Duration good = goodCall(api);
            System.out.printf(
                    "fuzz: %d requests and %d answers in %d s; %d refused, %d incidents, slowest %d ms; resident %d"
                            + " MB before, %d MB after; a good call afterwards %d ms%n",
                    REQUESTS,
                    ANSWERS,
                    seconds,
                    refused.get(),
                    incidents.get(),
                    slowest.get(),
                    before / 1000,
                    after / 1000,
                    good.toMillis());
            assertThat(after - before).as("growth in kB").isLessThan(GROWTH);
            assertThat(good).isLessThan(Duration.ofSeconds(1));
        } finally {
            Balancer.delete(data);
        }
    }

    /// Servers beside the evil one, in this process.
    private record Decent(List<SimulatedServer> servers) implements AutoCloseable {

        Decent(int count) {
            this(
                    IntStream.range(0, count)
                            .mapToObj(i ->
                                    SimulatedServer.start(
                                            SimulatorSettings.standard(new Secret("decent " + i)),
                                            InstantSource.system(),
                                            new Random(i)))
                            .toList());
        }

        @Override
        public void close() {
            servers.forEach(SimulatedServer::close);
        }
    }

    private static Duration goodCall(Frontend api) {
        long start = System.nanoTime();
        assertThat(api.list().succeeded()).isTrue();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void throwRequests(Frontend api, int count, long from) throws Exception {
        var raw = new RawHttp(URI.create(api.base()).getPort());
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < count; i++) {
                var random = new Random(from * 1_000_003 + i);
                tasks.add(() -> {
                    byte[] request = request(random, api);
                    judge(
                            () -> raw.exchange(out -> out.write(request)),
                            "request " + new String(request, StandardCharsets.ISO_8859_1));
                    return true;
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
    }

    /// A sound request of some call, signed half the time, with a few of its bytes broken.
    private static byte[] request(Random random, Frontend api) {
        String call = CALLS.get(random.nextInt(CALLS.size()));
        String query =
                "meetingID=fuzz%d&name=Fuzz+%%F0%%9F%%98%%80&fullName=A&role=VIEWER&recordID=x&message=m&meta_a=b"
                        .formatted(random.nextInt(3));
        if (random.nextBoolean()) {
            query = new String(broken(random, query), StandardCharsets.ISO_8859_1);
        }
        boolean post = random.nextBoolean();
        String signed =
                Checksum.signed(
                        List.of(Checksum.Algorithm.values()).get(random.nextInt(4)),
                        call,
                        query,
                        api.secret());
        String body = random.nextBoolean() ? "<modules><module name=\"p\"/></modules>" : query;
        String type = body.startsWith("<") ? "text/xml" : "application/x-www-form-urlencoded";
        String text =
                (post ? "POST" : "GET")
                        + " /bigbluebutton/api/"
                        + call
                        + "?"
                        + signed
                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + (post
                                ? "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                                        .formatted(type, body.length(), body)
                                : "\r\n");
        return random.nextInt(3) == 0
                ? text.getBytes(StandardCharsets.ISO_8859_1)
                : broken(random, text);
    }

    /// Some bytes changed, cut out, doubled or cut off.
    private static byte[] broken(Random random, String text) {
        var bytes = new StringBuilder(text);
        for (int i = 1 + random.nextInt(4); i > 0 && bytes.length() > 1; i--) {
            int at = random.nextInt(bytes.length());
            switch (random.nextInt(6)) {
                case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
                case 1 -> bytes.deleteCharAt(at);
                case 2 -> bytes.insert(at, "\r\n%&=<>\0\u00ff".charAt(random.nextInt(9)));
                case 3 -> bytes.insert(at, bytes.substring(at));
                case 4 -> bytes.setLength(at);
                default -> bytes.insert(at, "x".repeat(random.nextInt(100_000)));
            }
        }
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Polled in between, so that the balancer goes on asking it.
    private void throwAnswers(ServeProcess serve, EvilServer evil, int count, long from) {
        try (var admin = serve.admin()) {
            bringBack(serve.api(), evil, admin);
            for (int i = 0; i < count; i++) {
                if (i % 5 == 0) {
                    evil.repent();
                    admin.send(AdminRoutes.SERVERS_POLL, "evil", null, ServerView.class);
                }
                var random = new Random(from * 1_000_003 + i);
                if (i % 4 == 0) {
                    throwAnswerAtCreate(serve.api(), evil, random, "new-%d-%d".formatted(from, i));
                } else {
                    throwAnswer(serve.api(), evil, random);
                }
                if (i % 20 == 0) {
                    bringBack(serve.api(), evil, admin);
                }
            }
            bringBack(serve.api(), evil, admin);
            assertThat(admin.send(AdminRoutes.MEETINGS_LIST, "", null, MeetingView[].class))
                    .extracting(MeetingView::state)
                    .containsOnly("confirmed");
        }
    }

    /// A broken answer may have ended it, or said that it runs no more.
    private static void bringBack(Frontend api, EvilServer evil, AdminClient admin) {
        evil.repent();
        for (var server : admin.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class)) {
            admin.send(AdminRoutes.SERVERS_POLL, server.id(), null, ServerView.class);
        }
        assertThat(api.create("fuzz").succeeded()).isTrue();
    }

    /// Somebody opens it, whatever the evil server says.
    private void throwAnswerAtCreate(Frontend api, EvilServer evil, Random random, String id) {
        byte[] answer = brokenAnswer(random, CREATED);
        evil.turn(out -> out.write(answer));
        String label =
                label("create with answer " + new String(answer, StandardCharsets.ISO_8859_1));
        long start = System.nanoTime();
        var reply = api.create(id);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(label).isLessThan(HANG);
        assertThat(reply.succeeded()).as("%s: %s", label, reply.body()).isTrue();
        evil.repent();
        assertThat(api.end(id).succeeded()).as(label).isTrue();
    }

    private static byte[] brokenAnswer(Random random, String document) {
        String head = ANSWER_PARTS.get(random.nextInt(ANSWER_PARTS.size()));
        return broken(random, head + document);
    }

    private void throwAnswer(Frontend api, EvilServer evil, Random random) {
        var raw = new RawHttp(URI.create(api.base()).getPort());
        String call = List.copyOf(new TreeSet<>(ASKED.keySet())).get(random.nextInt(ASKED.size()));
        byte[] answer = brokenAnswer(random, call.equals("create") ? CREATED : DOCUMENT);
        evil.turn(out -> out.write(answer));
        String asked = ASKED.getOrDefault(call, "");
        String query = Checksum.signed(Checksum.Algorithm.SHA256, call, asked, api.secret());
        judge(
                () -> raw.send("GET /bigbluebutton/api/" + call + "?" + query),
                call + " with answer " + new String(answer, StandardCharsets.ISO_8859_1));
    }

    private void judge(Callable<RawHttp.Answer> exchange, String what) {
        long start = System.nanoTime();
        RawHttp.Answer answer;
        try {
            answer = exchange.call();
        } catch (Exception e) {
            throw new AssertionError(label(what), e);
        }
        long took = System.nanoTime() - start;
        slowest.accumulateAndGet(TimeUnit.NANOSECONDS.toMillis(took), Math::max);
        assertThat(Duration.ofNanos(took)).as(label(what)).isLessThan(HANG);
        if (answer.status() == 500) {
            assertThat(answer.body()).as(label(what)).contains("Incident ");
            incidents.incrementAndGet();
        }
        assertThat(answer.status())
                .as(label(what))
                .isIn(0, 200, 302, 400, 404, 405, 413, 414, 431, 500, 505);
        if (answer.status() != 200 && answer.status() != 302) {
            refused.incrementAndGet();
        }
        assertThat(answer.body())
                .as(label(what))
                .doesNotContain("dev.plimsoll", "java.", "io.helidon", "\tat ");
    }

    private String label(String what) {
        String start = what.replaceAll("x{50,}", "xx…xx");
        start = start.length() > 2000 ? start.substring(0, 2000) + "…" : start;
        return "FUZZ_SEED=" + seed + ", " + start;
    }

    /// What the process occupies, in kB.
    private static long resident(ServeProcess serve) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + serve.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
