// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum.Algorithm;

/// Whether a simulated server runs bbb-webhooks, which is a package of its own, and how that signs its deliveries.
///
/// @param algorithm the digest of a delivery's checksum
public record WebhookSettings(Presence presence, Proof proof, Algorithm algorithm) {

    /// Whether the package is installed.
    public enum Presence {
        INSTALLED,
        ABSENT
    }

    /// How a receiver knows that a delivery is genuine.
    public enum Proof {
        /// A checksum in the address.
        CHECKSUM,
        /// The shared secret in a header, called `auth2_0` there.
        BEARER
    }

    /// As it comes: installed, with SHA-1 checksums.
    public static WebhookSettings standard() {
        return new WebhookSettings(Presence.INSTALLED, Proof.CHECKSUM, Algorithm.SHA1);
    }

    public WebhookSettings withPresence(Presence other) {
        return new WebhookSettings(other, proof, algorithm);
    }

    public WebhookSettings withProof(Proof other) {
        return new WebhookSettings(presence, other, algorithm);
    }

    public WebhookSettings withAlgorithm(Algorithm other) {
        return new WebhookSettings(presence, proof, other);
    }
}
