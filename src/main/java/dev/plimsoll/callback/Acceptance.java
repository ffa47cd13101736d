// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

/// What we say to somebody who tells us of an event.
public enum Acceptance {
    /// Stored, or not wanted by anybody, or known already.
    TAKEN,
    /// Not from the server that it claims to be from.
    FORGED,
    /// No event.
    BROKEN,
    /// We are just starting; it should be told again.
    NOT_YET
}
