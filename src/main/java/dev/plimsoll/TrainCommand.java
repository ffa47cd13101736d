// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.adminapi.AdminClient;
import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.StatusView;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Config;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.telemetry.Logging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `plimsoll train DIR`: does a little of everything and exits, so that the JVM can note what it loads; the launcher
/// makes the start-up cache from that. SQLite's library is left in the directory.
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR")
    private Path into = Path.of("");

    @Override
    public Integer call() throws IOException {
        Logging.use(new LogSettings(true, "INFO"));
        readSettingsFile();
        ServeCommand.prepare();
        try (var demo = Demo.start(2, 0, Clock.systemUTC(), new SecureRandom())) {
            demo.populate(new SecureRandom());
            demo.call("getMeetings", Params.NONE);
            demo.call("getMeetingInfo", Params.of("meetingID", "demo-algebra"));
            demo.call("isMeetingRunning", Params.of("meetingID", "demo-algebra"));
            demo.call(
                    "join",
                    Params.of("meetingID", "demo-algebra", "fullName", "Ada", "role", "VIEWER"));
            demo.call("end", Params.of("meetingID", "demo-algebra"));
            var url = URI.create("http://127.0.0.1:" + demo.serve().port());
            try (var admin = new AdminClient(url, demo.serve().adminToken().reveal())) {
                admin.send(AdminRoutes.STATUS, "", null, StatusView.class);
            }
            keepLibrary();
        }
        return 0;
    }

    private static void readSettingsFile() throws IOException {
        var file = Files.createTempFile("plimsoll-train", ".yaml");
        Files.writeString(file, "poll:\n  interval: 10s\n");
        Settings.read(Config.load(Optional.of(file), Map.of()));
        Files.delete(file);
    }

    /// The driver unpacks it at each start, unless it is told where one is.
    private void keepLibrary() throws IOException {
        String name = System.mapLibraryName("sqlitejdbc");
        var unpacked = Path.of(System.getProperty("org.sqlite.tmpdir"));
        try (var found = Files.newDirectoryStream(unpacked, "sqlite-*-" + name)) {
            for (Path library : found) {
                // A copy would be for its owner alone, who may be another than the service's user.
                Files.write(into.resolve(name), Files.readAllBytes(library));
            }
        }
    }
}
