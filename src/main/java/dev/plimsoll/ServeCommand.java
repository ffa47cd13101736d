// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.telemetry.Logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;

/// `plimsoll serve`.
@Command(
        name = "serve",
        description = "Runs the balancer.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: PLIMSOLL_DATA=/var/lib/plimsoll plimsoll serve --servers servers.json"
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin private ConfigFile file = new ConfigFile();

    @Option(
            names = "--servers",
            paramLabel = "FILE",
            description =
                    "JSON list of servers, [{\"host\": URL, \"secret\": S}, …], as for `servers sync`; unknown ones are"
                            + " added and enabled.")
    private @Nullable Path servers;

    @Override
    public Integer call() throws InterruptedException {
        var config = file.load();
        var settings = Settings.read(config);
        settings.requireSecretOfAll(config);
        config.requireSound();
        var wishes =
                servers == null
                        ? java.util.List.<dev.plimsoll.adminapi.ServerWish>of()
                        : ServersFile.read(servers);
        Logging.use(settings.log());

        var serve = Serve.start(settings, Clock.systemUTC(), new SecureRandom());
        Shutdown.closes(serve);
        ServersFile.addUnknown(wishes, serve.servers());
        LoggerFactory.getLogger(ServeCommand.class)
                .atInfo()
                .addKeyValue("listening", settings.http().host() + ":" + serve.port())
                .addKeyValue("data", settings.database().data().toAbsolutePath())
                .log(
                        "Plimsoll is ready; the shared secret and the admin token are files in the data directory");
        return Shutdown.await();
    }
}
