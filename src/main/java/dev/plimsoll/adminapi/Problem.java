// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// Why a request failed, as RFC 9457 has it.
///
/// @param type stable, for scripts: `unauthorized`, `not-found`, `conflict`, `invalid`, `unchanged`, …
/// @param detail for people: what happened and what to do next
public record Problem(String type, String title, int status, String detail) {}
