// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What one simulated server is like. Begin with [#standard] and change what matters.
///
/// @param name what the client page calls the server
/// @param listen the address to listen on; whoever reaches it also reaches the control interface
/// @param port 0 takes any free port
/// @param publicUrl what the server calls itself in links, without final slash; else `http://127.0.0.1:<port>`
/// @param version the version the root document shows, if it shows one
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
        Duration endDelay) {

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
                "3.0.15",
                Version.HIDDEN,
                EnumSet.allOf(Algorithm.class),
                Duration.ofMillis(50));
    }

    public SimulatorSettings withName(String newName) {
        return new SimulatorSettings(
                newName, listen, port, secret, publicUrl, version, reveal, algorithms, endDelay);
    }

    public SimulatorSettings withListen(String newListen) {
        return new SimulatorSettings(
                name, newListen, port, secret, publicUrl, version, reveal, algorithms, endDelay);
    }

    public SimulatorSettings withPort(int newPort) {
        return new SimulatorSettings(
                name, listen, newPort, secret, publicUrl, version, reveal, algorithms, endDelay);
    }

    /// @param url such as `https://bbb1.example.org`
    public SimulatorSettings withPublicUrl(URI url) {
        var bare = URI.create(url.toString().replaceAll("/+$", ""));
        return new SimulatorSettings(
                name,
                listen,
                port,
                secret,
                Optional.of(bare),
                version,
                reveal,
                algorithms,
                endDelay);
    }

    /// Shows this version in the root document.
    public SimulatorSettings withVersion(String shown) {
        return new SimulatorSettings(
                name, listen, port, secret, publicUrl, shown, Version.SHOWN, algorithms, endDelay);
    }

    public SimulatorSettings withAlgorithms(Set<Algorithm> allowed) {
        return new SimulatorSettings(
                name, listen, port, secret, publicUrl, version, reveal, allowed, endDelay);
    }

    public SimulatorSettings withEndDelay(Duration delay) {
        return new SimulatorSettings(
                name, listen, port, secret, publicUrl, version, reveal, algorithms, delay);
    }
}
