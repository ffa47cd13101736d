// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Supplier;

/// Each limit of the API is a setting, answers in the API's form and counts in `plimsoll_limited_total`.
@Timeout(30)
final class GatewayLimitsTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ALGEBRA = "name=Algebra+1&meetingID=alg-1";
    private static final String INFO = "meetingID=alg-1";

    @Test
    void whatIsTooLargeIsSaid() {
        try (var balancer =
                Balancer.start(
                        1,
                        "PLIMSOLL_API_MAX_BODY",
                        "2000",
                        "PLIMSOLL_API_MAX_PARAMS",
                        "10",
                        "PLIMSOLL_API_MAX_VALUE",
                        "300",
                        "PLIMSOLL_API_MAX_XML_DEPTH",
                        "3",
                        "PLIMSOLL_API_MAX_XML_ELEMENTS",
                        "10")) {
            var target = balancer.target();
            expectFailed(target.get("create", ALGEBRA + "&a=1".repeat(9)), 200, "requestTooLarge");
            expectLimited(balancer, "params", 1);
            String value = ALGEBRA + "&welcome=";
            expectFailed(target.get("create", value + "x".repeat(301)), 200, "requestTooLarge");
            expectFailed(
                    target.post(
                            "create",
                            target.sign("create", ALGEBRA),
                            FORM,
                            "welcome=" + "%41".repeat(301)),
                    200,
                    "requestTooLarge");
            expectLimited(balancer, "value", 2);
            String signed = target.sign("create", ALGEBRA);
            String type = "application/xml";
            String deep = "<a><a><a><a/></a></a></a>";
            String many = "<a>" + "<b/>".repeat(10) + "</a>";
            expectFailed(target.post("create", signed, type, deep), 200, "invalidXml");
            expectFailed(target.post("create", signed, type, many), 200, "invalidXml");
            expectFailed(target.post("create", signed, type, "<a>"), 200, "invalidXml");
            expectLimited(balancer, "xml", 2);
            expectFailed(
                    target.post("create", signed, type, " ".repeat(2001)), 413, "requestTooLarge");
            expectLimited(balancer, "body", 1);
            assertThat(target.get("create", value + "x".repeat(300)).text("returncode"))
                    .isEqualTo("SUCCESS");
        }
    }

    @Test
    void tooManyAtOneTimeAreToldToComeBack() throws InterruptedException {
        try (var balancer =
                Balancer.start(
                        1,
                        "PLIMSOLL_API_MAX_REQUESTS",
                        "6",
                        "PLIMSOLL_API_MAX_REQUESTS_PER_CALLER",
                        "3")) {
            var target = balancer.target();
            target.get("create", ALGEBRA);
            balancer.servers().getFirst().faults().add(FaultRule.parse("getMeetingInfo=delay:3s"));
            var waiting = new ArrayList<Thread>();
            for (int i = 0; i < 3; i++) {
                waiting.add(waits(() -> target.get("getMeetingInfo", INFO)));
            }
            Target.Answer[] refused = new Target.Answer[1];
            Together.until(
                    "three are under way",
                    () -> {
                        refused[0] = target.get("isMeetingRunning", INFO);
                        return refused[0].status() == 503;
                    });
            expectFailed(refused[0], 503, "tooManyRequests");
            assertThat(refused[0].header("Retry-After")).isEqualTo("1");
            assertThat(metrics(balancer)).containsKey("requests-per-caller");
            // The proxy of the test is trusted, so those it speaks for are callers of their own.
            for (int i = 0; i < 3; i++) {
                waiting.add(waits(() -> from(target, "getMeetingInfo", "192.0.2.7")));
            }
            Together.until(
                    "six are under way",
                    () -> from(target, "isMeetingRunning", "192.0.2.8").status() == 503);
            expectFailed(from(target, "isMeetingRunning", "192.0.2.9"), 503, "tooManyRequests");
            assertThat(metrics(balancer)).containsKey("requests");
            for (var thread : waiting) {
                thread.join();
            }
            assertThat(target.get("isMeetingRunning", INFO).status()).isEqualTo(200);
        }
    }

    /// Asks until it is let in: the questions by which the test looks take places too.
    private static Thread waits(Supplier<Target.Answer> question) {
        return Thread.ofVirtual()
                .start(() -> Together.until("it is let in", () -> question.get().status() == 200));
    }

    /// A question of a caller behind the proxy; what the caller wrote into the header itself counts for nothing.
    private static Target.Answer from(Target target, String call, String caller) {
        URI uri = target.uri(call, target.sign(call, INFO));
        return Target.send(
                HttpRequest.newBuilder(uri)
                        .header(
                                "X-Forwarded-For",
                                "203.0.113." + caller.hashCode() + ", " + caller));
    }

    private static void expectFailed(Target.Answer answer, int status, String key) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("text/xml;charset=utf-8");
        assertThat(answer.text("returncode")).isEqualTo("FAILED");
        assertThat(answer.text("messageKey")).as(answer.body()).isEqualTo(key);
    }

    private static void expectLimited(Balancer balancer, String limit, int times) {
        assertThat(metrics(balancer)).containsEntry(limit, (double) times);
    }

    private static Map<String, Double> metrics(Balancer balancer) {
        var page = Target.send(HttpRequest.newBuilder(URI.create(balancer.url() + "/metrics")));
        var limits = new java.util.HashMap<String, Double>();
        String prefix = "plimsoll_limited_total{limit=\"";
        page.body()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).split("\"} ", 2))
                .forEach(entry -> limits.put(entry[0], Double.valueOf(entry[1])));
        return limits;
    }
}
