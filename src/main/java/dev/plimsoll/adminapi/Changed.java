// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// What came of a wish to change something.
///
/// @param changed false when it was so already
/// @param message one line for people
public record Changed(boolean changed, String message) {}
