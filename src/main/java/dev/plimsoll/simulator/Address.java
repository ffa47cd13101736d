// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.net.URI;
import java.util.Optional;

/// How the simulated server calls itself in links. The port is known only once it listens.
final class Address {

    private final Optional<URI> given;
    private volatile int port;

    Address(Optional<URI> given) {
        this.given = given;
    }

    void listensOn(int newPort) {
        port = newPort;
    }

    int port() {
        return port;
    }

    /// Without a final slash.
    String url() {
        return given.map(URI::toString).orElseGet(() -> "http://127.0.0.1:" + port);
    }
}
