// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/// The process's metrics, as Prometheus reads them. Names begin with `plimsoll_`. Thread-safe.
public final class Metrics {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter limited =
            counter(
                    "plimsoll_limited",
                    "Times that a limit cut off a request or an answer, by limit.",
                    "limit");

    /// Counts that a limit was met.
    ///
    /// @param limit one of few words, such as `body`
    public void limited(String limit) {
        limited.labelValues(limit).inc();
    }

    /// A number that only grows.
    public Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /// Durations in seconds, from a millisecond to a minute.
    public Histogram durations(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
                .register(registry);
    }

    /// Values that are looked up when somebody asks.
    public void gauge(
            String name, String help, Consumer<GaugeWithCallback.Callback> read, String... labels) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .callback(read)
                .register(registry);
    }

    /// All metrics in Prometheus' text format.
    public byte[] scrape() {
        var out = new ByteArrayOutputStream(16_384);
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
