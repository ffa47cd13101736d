// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// An event as the admin API shows it.
///
/// @param id grows with each event; `after` of the next question
/// @param at when it happened, ISO 8601
/// @param kind a short word, such as `server-offline`
/// @param subject the server or the meeting that it happened to
/// @param text what happened; empty text when the kind says it all
public record EventView(long id, String at, String kind, String subject, String text) {}
