// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import java.util.List;

/// A server as the admin API shows it; never with its secret.
///
/// @param reason why it is not online, in words; empty text when it is
/// @param trouble the same as one word: `silent`, `refused`, `broken`, `bad-certificate`, `wrong-secret`; empty text
///     when it is online or was not polled yet
/// @param load user-equivalents over weight, reservations included
/// @param reserved the part of the load that young meetings are expected to add
/// @param meetings that the last poll saw, breakout rooms included
/// @param registered meetings that we have placed there; not those that were lost with it
/// @param checksum the digest its calls are signed with
/// @param polledAt the last usable answer, ISO 8601; empty text when there was none
public record ServerView(
        String id,
        String url,
        String admission,
        String health,
        String reason,
        String trouble,
        double load,
        double reserved,
        double weight,
        int meetings,
        int registered,
        int users,
        int largest,
        int voices,
        int videos,
        String version,
        List<String> tags,
        String checksum,
        CapsView caps,
        String polledAt) {}
