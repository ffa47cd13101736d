// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import org.jspecify.annotations.Nullable;

/// Where a meeting is to be moved.
///
/// @param to the server's id; null for the one where it fits best
public record MoveWish(@Nullable String to) {}
