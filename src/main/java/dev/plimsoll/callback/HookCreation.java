// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

/// What became of the wish for a hook.
public sealed interface HookCreation {

    /// It is there now.
    record Made(Hook hook) implements HookCreation {}

    /// There was one already for this address and meeting; it stays as it is.
    record Duplicate(Hook hook) implements HookCreation {}

    /// It cannot be.
    ///
    /// @param reason for whoever asked
    record Refused(String reason) implements HookCreation {}
}
