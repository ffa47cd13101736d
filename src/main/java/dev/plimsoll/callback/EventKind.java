// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import java.util.Locale;
import java.util.Optional;

/// The two languages in which events are told.
public enum EventKind {
    /// As bbb-webhooks words them for frontends.
    MAPPED,
    /// The messages inside a server, as they are.
    RAW;

    /// As it stands in addresses.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<EventKind> ofWord(String word) {
        return switch (word) {
            case "mapped" -> Optional.of(MAPPED);
            case "raw" -> Optional.of(RAW);
            default -> Optional.empty();
        };
    }
}
