// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Browser;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;

/// Joins in a real browser.
@Timeout(180)
final class JoinInBrowserTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static String join(Cluster cluster) {
        return cluster.api().base()
                + "/bigbluebutton/api/join?"
                + Checksum.signed(
                        Checksum.Algorithm.SHA256,
                        "join",
                        "fullName=Ada&meetingID=room&role=VIEWER",
                        cluster.api().secret());
    }

    private static void awaitPage(Browser browser, Predicate<String> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.test(browser.pages())) {
            assertThat(System.nanoTime()).as(browser.pages()).isLessThan(deadline);
            // A browser tells nobody when its page changes, so it is looked at again.
            Thread.sleep(100);
        }
    }

    /// How many joins the balancer has answered, by its own count.
    private static long joins(Cluster cluster) {
        var request = HttpRequest.newBuilder(URI.create(cluster.api().base() + "/metrics")).build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith("plimsoll_api_requests_total{call=\"join\""))
                    .mapToLong(line ->
                            (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPersonWhoseMeetingHasEndedReadsSoInGerman() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.api().end("room");
            String page = Browser.dom(join(cluster), "de");
            assertThat(page)
                    .contains("lang=\"de\"")
                    .contains("<h1>Dieser Konferenz kann man nicht beitreten</h1>");
        }
    }

    @Test
    void aWaitingPageLeadsIntoTheMeetingByItself() throws InterruptedException {
        try (var cluster = Cluster.of(1).with("join.patience", "200ms").start()) {
            cluster.server(0).faults().add(FaultRule.parse("create=delay:15s*1"));
            var create = Together.begin(() -> cluster.api().create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            try (var browser = Browser.open(join(cluster), "en")) {
                awaitPage(browser, pages -> pages.contains("Your meeting is being opened"));
                cluster.server(0).faults().clear();
                assertThat(Together.result(create).succeeded()).isTrue();
                awaitPage(browser, pages -> pages.contains("sessionToken="));
            }
        }
    }

    @Test
    void aServerThatReturnsLetsThoseInWhoWait() throws InterruptedException {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.server(0).goDown();
            for (int i = 0; i < 3; i++) {
                cluster.poll(0);
            }
            try (var browser = Browser.open(join(cluster), "fr")) {
                awaitPage(browser, pages -> pages.contains("ne répond pas en ce moment"));
                long before = joins(cluster);
                Together.until("it has tried twice more", () -> joins(cluster) >= before + 2);
                assertThat(browser.pages()).contains("ne répond pas en ce moment");
                cluster.server(0).comeUp();
                cluster.poll(0);
                cluster.poll(0);
                awaitPage(browser, pages -> pages.contains("sessionToken="));
            }
        }
    }
}
