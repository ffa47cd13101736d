// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

/// What a server may be given at most; 0 means no limit.
///
/// @param users people, those expected included
/// @param meetings registered there
/// @param perMinute new meetings within a minute
public record Caps(int users, int meetings, int perMinute) {

    /// No limits at all.
    public static final Caps NONE = new Caps(0, 0, 0);

    /// The same, with other limits where there are none.
    public Caps or(Caps others) {
        return new Caps(
                users == 0 ? others.users : users,
                meetings == 0 ? others.meetings : meetings,
                perMinute == 0 ? others.perMinute : perMinute);
    }
}
