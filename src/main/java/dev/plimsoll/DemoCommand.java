// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// `plimsoll demo`.
@Command(
        name = "demo",
        description =
                "Shows a working pool: simulated servers, the balancer, people coming and going.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: plimsoll demo --servers 5"})
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "3",
            description = "Simulated servers; ${DEFAULT-VALUE}.")
    private int servers;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8090",
            description = "Port of the balancer; ${DEFAULT-VALUE}.")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        if (servers < 1 || servers > 200 || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--servers is 1 to 200, --port is 0 to 65535");
        }
        Logging.use(new LogSettings(false, "INFO"));
        var open = new Closer();
        Shutdown.closes(open);
        var demo = open.add(Demo.start(servers, port, Clock.systemUTC(), new SecureRandom()));
        var random = new Random();
        demo.populate(random);
        var stirring =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("people").daemon().factory());
        var stirs =
                stirring.scheduleAtFixedRate(
                        () -> demo.simulators().stir(random), 3, 3, TimeUnit.SECONDS);
        open.add(() -> stirs.cancel(true));
        open.add(stirring::shutdownNow);
        System.out.print(welcome(demo));
        return Shutdown.await();
    }

    private static String welcome(Demo demo) {
        var text = new StringBuilder();
        text.append(
                "\nA pool of %d simulated BigBlueButton servers behind Plimsoll:\n\n"
                        .formatted(demo.simulators().servers().size()));
        demo.simulators()
                .servers()
                .forEach(server ->
                        text.append(
                                "  %-8s%s\n".formatted(server.settings().name(), server.api())));
        text.append("\nFor Moodle, Greenlight, Nextcloud and others:\n\n")
                .append(
                        "  address  http://127.0.0.1:%d/bigbluebutton/\n"
                                .formatted(demo.serve().port()))
                .append(
                        "  secret   %s\n"
                                .formatted(demo.serve().tenant().secrets().getFirst().reveal()))
                .append("\nTry it. Open a meeting:\n\n  curl '")
                .append(
                        demo.signed(
                                "create",
                                Params.of("name", "My first meeting", "meetingID", "first")))
                .append("'\n\njoin it in a browser:\n\n  ")
                .append(
                        demo.signed(
                                "join",
                                Params.of(
                                        "fullName",
                                        "Ada",
                                        "meetingID",
                                        "first",
                                        "role",
                                        "MODERATOR")))
                .append("\n\nand look at the pool from another terminal:\n\n")
                .append(
                        "  PLIMSOLL_URL=http://127.0.0.1:%d PLIMSOLL_TOKEN=%s ./plimsoll status\n"
                                .formatted(demo.serve().port(), demo.serve().adminToken().reveal()))
                .append("\nCtrl-C ends the demo and leaves nothing behind.\n\n");
        return text.toString();
    }
}
