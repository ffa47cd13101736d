// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// What came of emptying a server by force.
///
/// @param ended meetings that the server agreed to end
/// @param forgotten meetings that it did not answer for; they are ended should it come back with them
/// @param changed false when it was disabled and empty already
/// @param message one line for people
public record Panicked(int ended, int forgotten, boolean changed, String message) {}
