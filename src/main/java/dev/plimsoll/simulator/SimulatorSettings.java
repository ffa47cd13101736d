// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What one simulated server is like. Begin with [#standard] and change what matters.
///
/// @param name what the client page calls the server
/// @param listen the address to listen on; whoever reaches it also reaches the control interface
/// @param port 0 takes any free port
/// @param publicUrl what the server calls itself in links, without final slash; else `http://127.0.0.1:<port>`
/// @param version what it behaves like where releases differ, in paging recordings; the root document may show it
/// @param reveal whether it shows its version; BigBlueButton hides it unless told otherwise
/// @param algorithms the digests a checksum may use
/// @param endDelay how long a meeting is still there after an `end` call
public record SimulatorSettings(
        String name,
        String listen,
        int port,
        Secret secret,
        Optional<URI> publicUrl,
        String version,
        Version reveal,
        Set<Algorithm> algorithms,
        Duration endDelay,
        RecordingSettings recordings,
        WebhookSettings webhooks) {

    /// Whether the root document tells the version.
    public enum Version {
        SHOWN,
        HIDDEN
    }

    public SimulatorSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /// BigBlueButton 3.0 as it comes, on any free port of this machine.
    public static SimulatorSettings standard(Secret secret) {
        return new SimulatorSettings(
                "simulator",
                "127.0.0.1",
                0,
                secret,
                Optional.empty(),
                "3.0.18",
                Version.HIDDEN,
                EnumSet.allOf(Algorithm.class),
                Duration.ofMillis(50),
                RecordingSettings.standard(),
                WebhookSettings.standard());
    }

    public SimulatorSettings withName(String newName) {
        return with(draft -> draft.name = newName);
    }

    public SimulatorSettings withListen(String newListen) {
        return with(draft -> draft.listen = newListen);
    }

    public SimulatorSettings withPort(int newPort) {
        return with(draft -> draft.port = newPort);
    }

    /// @param url such as `https://bbb1.example.org`
    public SimulatorSettings withPublicUrl(URI url) {
        var bare = URI.create(url.toString().replaceAll("/+$", ""));
        return with(draft -> draft.publicUrl = Optional.of(bare));
    }

    /// Behaves like this version, and shows it in the root document.
    public SimulatorSettings withVersion(String shown) {
        return with(draft -> {
            draft.version = shown;
            draft.reveal = Version.SHOWN;
        });
    }

    public SimulatorSettings withAlgorithms(Set<Algorithm> allowed) {
        return with(draft -> draft.algorithms = allowed);
    }

    public SimulatorSettings withEndDelay(Duration delay) {
        return with(draft -> draft.endDelay = delay);
    }

    public SimulatorSettings withRecordings(RecordingSettings other) {
        return with(draft -> draft.recordings = other);
    }

    public SimulatorSettings withWebhooks(WebhookSettings other) {
        return with(draft -> draft.webhooks = other);
    }

    private SimulatorSettings with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /// What may still change, so that each change names only what it is about.
    private static final class Draft {
        private String name;
        private String listen;
        private int port;
        private final Secret secret;
        private Optional<URI> publicUrl;
        private String version;
        private Version reveal;
        private Set<Algorithm> algorithms;
        private Duration endDelay;
        private RecordingSettings recordings;
        private WebhookSettings webhooks;

        Draft(SimulatorSettings settings) {
            name = settings.name;
            listen = settings.listen;
            port = settings.port;
            secret = settings.secret;
            publicUrl = settings.publicUrl;
            version = settings.version;
            reveal = settings.reveal;
            algorithms = settings.algorithms;
            endDelay = settings.endDelay;
            recordings = settings.recordings;
            webhooks = settings.webhooks;
        }

        SimulatorSettings finished() {
            return new SimulatorSettings(
                    name,
                    listen,
                    port,
                    secret,
                    publicUrl,
                    version,
                    reveal,
                    algorithms,
                    endDelay,
                    recordings,
                    webhooks);
        }
    }
}
