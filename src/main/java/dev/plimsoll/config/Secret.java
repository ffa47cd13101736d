// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A value that must never be printed: a shared secret or a token. Not blank.
///
/// `toString` masks it, so that no log line, exception or table shows it by accident.
public final class Secret {

    private final String value;

    /// @throws IllegalArgumentException when the value is blank: BigBlueButton switches its check off
    ///     for an empty secret, and we never want that
    public Secret(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.value = value;
    }

    /// The value itself; only for signing, checking and storing.
    public String reveal() {
        return value;
    }

    /// Compares in constant time.
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "••••";
    }
}
