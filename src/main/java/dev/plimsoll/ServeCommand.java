// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.db.Database;
import dev.plimsoll.http.HttpServer;
import dev.plimsoll.telemetry.Logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
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

    /// Begins what takes long and is needed later. Each is done once in a process: by this, or by who needs it first,
    /// who also tells if it fails.
    static void prepare() {
        var beside =
                Thread.ofPlatform().daemon().name("prepare").uncaughtExceptionHandler((_, _) -> {});
        List.<Runnable>of(BbbClient::prepare, Database::prepare, HttpServer::prepare)
                .forEach(beside::start);
    }

    @Override
    public Integer call() throws InterruptedException {
        var config = file.load();
        var settings = Settings.read(config);
        settings.requireSecretOfAll(config);
        config.requireSound();
        var wishes = servers == null ? List.<ServerWish>of() : ServersFile.read(servers);
        Logging.use(settings.log());
        prepare(); // not before: the first logger must not be made by two

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
