// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.Locale;

/// What kind of failure keeps a server from giving a usable answer.
public enum Trouble {
    /// None that we know of: it was not asked yet.
    NONE,
    /// It does not answer in time.
    SILENT,
    /// Nothing listens: it refuses connections, cannot be routed to, or its host name does not resolve.
    REFUSED,
    /// It answers, but nothing that BigBlueButton would say.
    BROKEN,
    /// Its TLS certificate does not convince us.
    CERTIFICATE,
    /// It does not take our secret.
    SECRET,
    /// We have as many calls to it under way as we allow ourselves; this says nothing of the server.
    OWN_LIMIT;

    /// As scripts read it; empty text for none.
    public String word() {
        return switch (this) {
            case NONE -> "";
            case CERTIFICATE -> "bad-certificate";
            case SECRET -> "wrong-secret";
            case OWN_LIMIT -> "own-limit";
            case SILENT, REFUSED, BROKEN -> name().toLowerCase(Locale.ROOT);
        };
    }

    /// Whether it lasts until somebody changes a setting, here or on the server.
    public boolean needsAnOperator() {
        return this == CERTIFICATE || this == SECRET;
    }
}
