// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// What a server may be given at most, and what is left of it. A limit of 0 is none, and nothing of it is left.
///
/// @param maxUsers the limit in force: the server's own, else the pool's
/// @param usersLeft people it has room for, those expected counted
/// @param meetingsLeft meetings it has room for
/// @param perMinuteLeft new meetings it takes within the present minute
/// @param full why it has no room for a usual meeting now, in words; empty text when it has
public record CapsView(
        int maxUsers,
        int usersLeft,
        int maxMeetings,
        int meetingsLeft,
        int maxPerMinute,
        int perMinuteLeft,
        String full) {}
