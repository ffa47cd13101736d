// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;

/// `plimsoll simulator`.
@Command(
        name = "simulator",
        description = "Runs one simulated BigBlueButton server, for tests and training.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: plimsoll simulator --port 9001 --fault 'create=delay:2s' --fault 'getMeetings=drop*3'",
            "Faults: refuse, drop, hang, delay:2s, slowly:100, garbage, html, status:503, truncate, lose-meetings, lose-answer;",
            "CALL=FAULT limits one to a call, FAULT*N to so many times. Change them at run time: /simulator/faults."
        })
final class SimulatorCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "9001",
            description = "Port; ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--name",
            paramLabel = "N",
            defaultValue = "simulator",
            description = "What its pages call it.")
    private String name = "";

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "What it calls itself in links.")
    private @Nullable URI publicUrl;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "Its shared secret; else a public one, 'simulator'.")
    private @Nullable Path secretFile;

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            description = "How it misbehaves; may be given several times.")
    private @Nullable List<String> faults;

    @Override
    public Integer call() throws InterruptedException {
        var rules =
                faults == null
                        ? List.<FaultRule>of()
                        : faults.stream().map(FaultRule::parse).toList();
        Logging.use(new LogSettings(false, "INFO"));
        var settings =
                SimulatorSettings.standard(new Secret(secret()))
                        .withName(name)
                        .withListen(host)
                        .withPort(port)
                        .withVersion("3.0.18");
        if (publicUrl != null) {
            settings = settings.withPublicUrl(publicUrl);
        }
        var server = SimulatedServer.start(settings, Clock.systemUTC(), new SecureRandom());
        Shutdown.closes(server);
        rules.forEach(server.faults()::add);
        System.out.printf(
                "a simulated BigBlueButton server: %s, secret %s%n",
                server.api(), secretFile == null ? server.secret().reveal() : "from " + secretFile);
        return Shutdown.await();
    }

    private String secret() {
        try {
            return secretFile == null ? "simulator" : Files.readString(secretFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException("cannot read " + secretFile, e));
        }
    }
}
