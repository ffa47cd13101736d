// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.event;

import java.time.Instant;

/// Something that happened in the cluster.
///
/// @param id grows with each event
/// @param kind a short word, such as `server-offline`
/// @param subject the server or the meeting that it happened to
/// @param text what happened, for people; empty text when the kind says it all
public record Event(long id, Instant at, String kind, String subject, String text) {}
