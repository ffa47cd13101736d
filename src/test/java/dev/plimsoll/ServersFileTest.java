// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.config.Config;
import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

@Timeout(60)
final class ServersFileTest {

    @TempDir private Path directory = Path.of("");

    /// As instances that are started together with the same file.
    @Test
    void manyWhoAddTheSameServersAtOnceAllSucceed() {
        try (var serve = serve()) {
            var wishes =
                    IntStream.range(0, 50)
                            .mapToObj(i ->
                                    ServerWish.enabled("s" + i, "http://127.0.0.1:" + (i + 1), "x"))
                            .toList();
            Together.all(
                    4,
                    i -> {
                        ServersFile.addUnknown(wishes, serve.servers());
                        return i;
                    });
            assertThat(serve.servers().addresses()).hasSize(50);
        }
    }

    @Test
    void anIdThatAnotherAddressHasIsStillRefused() {
        try (var serve = serve()) {
            var servers = serve.servers();
            ServersFile.addUnknown(
                    List.of(ServerWish.enabled("s", "http://127.0.0.1:1", "x")), servers);
            var other = List.of(ServerWish.enabled("s", "http://127.0.0.1:2", "x"));
            assertThatThrownBy(() -> ServersFile.addUnknown(other, servers))
                    .hasMessageContaining("http://127.0.0.1:2 cannot be added")
                    .hasMessageContaining("already a server with the id s");
        }
    }

    private Serve serve() {
        var environment = new HashMap<>(TestDatabase.environment(directory));
        environment.put("PLIMSOLL_DATA", directory.toString());
        environment.put("PLIMSOLL_HTTP_PORT", "0");
        var settings = Settings.read(Config.load(Optional.empty(), environment));
        return Serve.start(settings, Clock.systemUTC(), new Random(1));
    }
}
