// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How a command waits that lasts: how often it looks, and how long it survives that the instance is away.
final class Waiting {

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = Time.class,
            description = "How often to look; ${DEFAULT-VALUE}.")
    private Duration interval = Duration.ofSeconds(2);

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "2m",
            converter = Time.class,
            description =
                    "How long the instance may be away, as when it restarts; ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ofMinutes(2);

    /// The instance, asked as patiently as these options say.
    Instance instance(Connection connection, Screen screen) {
        return new Instance(connection.open(), patience, interval, screen);
    }

    Duration interval() {
        return interval;
    }

    static void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /// Reads times as settings do.
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return dev.plimsoll.config.Durations.parse(text)
                    .filter(Duration::isPositive)
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "'" + text + "' is not a time; write it like 30s, 10m or 2h"));
        }
    }
}
