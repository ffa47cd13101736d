// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// A meeting as the admin API shows it.
///
/// @param state `claimed` while its server is asked, else `confirmed`
/// @param why it was placed on that server; empty text in lists
/// @param users people in it at its server's last poll
/// @param createdAt the server's create time, ISO 8601; empty text before it is confirmed
public record MeetingView(
        String id,
        String tenant,
        String server,
        String state,
        String internalId,
        String why,
        int users,
        String createdAt) {}
