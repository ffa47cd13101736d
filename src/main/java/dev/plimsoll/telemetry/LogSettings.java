// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

/// How we log.
///
/// @param json one JSON object a line, else lines for people
/// @param level `ERROR`, `WARN`, `INFO` or `DEBUG`
public record LogSettings(boolean json, String level) {}
