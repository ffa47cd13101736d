// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class MetricsTest {

    private final Metrics metrics = new Metrics();

    @Test
    void aScrapeIsWhatPrometheusReads() {
        metrics.counter("plimsoll_calls_total", "Calls.", "call").labelValues("create").inc(3);
        metrics.gauge("plimsoll_servers", "Servers.", to -> to.call(7, "online"), "health");
        metrics.durations("plimsoll_call_seconds", "Durations.", "call")
                .labelValues("create")
                .observe(0.3);
        assertThat(scrape())
                .contains("# HELP plimsoll_calls_total Calls.")
                .contains("# TYPE plimsoll_calls_total counter")
                .contains("plimsoll_calls_total{call=\"create\"} 3.0")
                .contains("plimsoll_servers{health=\"online\"} 7.0")
                .contains("plimsoll_call_seconds_bucket{call=\"create\",le=\"0.25\"} 0")
                .contains("plimsoll_call_seconds_bucket{call=\"create\",le=\"0.5\"} 1")
                .contains("plimsoll_call_seconds_bucket{call=\"create\",le=\"+Inf\"} 1")
                .contains("plimsoll_call_seconds_count{call=\"create\"} 1");
        assertValid();
    }

    @Test
    void oddLabelsAndHelpStayValid() {
        metrics.counter("plimsoll_odd", "Help with \\ and\na new line.", "name")
                .labelValues("a\"b\\c\nd 😀 {}")
                .inc();
        assertThat(scrape())
                .contains("plimsoll_odd_total{name=\"a\\\"b\\\\c\\nd 😀 {}\"} 1.0")
                .contains("# HELP plimsoll_odd_total Help with \\\\ and\\na new line.");
        assertValid();
    }

    @Test
    void nothingMeasuredIsAnEmptyPage() {
        assertThat(scrape()).isEmpty();
    }

    @Test
    void aNameIsTakenOnce() {
        metrics.counter("plimsoll_x", "X.");
        assertThatThrownBy(() -> metrics.counter("plimsoll_x", "X."))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertValid() {
        String name = "plimsoll_[a-z_]+";
        String label = "[a-z_]+=\"([^\"\\\\]|\\\\[\\\\\"n])*\"";
        assertThat(scrape().lines())
                .isNotEmpty()
                .allMatch(line ->
                        line.matches("# (HELP|TYPE) " + name + " .+")
                                || line.matches(
                                        "%s(\\{%s(,%s)*})? [-+0-9.eEInfNa]+"
                                                .formatted(name, label, label)));
    }

    private String scrape() {
        return new String(metrics.scrape(), StandardCharsets.UTF_8);
    }
}
