// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import java.util.Locale;

/// What the operator allows on a server. Set by people, never by the poller.
public enum Admission {
    /// Takes new meetings.
    ENABLED,
    /// No new meetings; running ones go on, and joins are still sent there.
    CORDONED,
    /// Cordoned, and disabled by itself once its last meeting has ended.
    DRAINING,
    /// Out of service: nothing is sent there.
    DISABLED;

    /// As people write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
