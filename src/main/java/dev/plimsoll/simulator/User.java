// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Map;

/// Somebody in a meeting, or on the way there. Guarded by the lock of [Meetings].
final class User {

    /// Where the user is on the way in and out again.
    enum State {
        /// `join` was called, the client has not come yet.
        RESERVED,
        /// A guest in the lobby.
        WAITING,
        ONLINE,
        /// The client has gone, but the server does not count it out yet.
        LEAVING,
        /// Gone, but still listed: keeps the meeting "running".
        LEFT
    }

    /// Who the user is, as `join` or the control interface said.
    ///
    /// @param id the server's own
    /// @param externalId the one the frontend knows
    record Person(
            String id,
            String externalId,
            String name,
            Role role,
            String guestStatus,
            Map<String, String> customData) {}

    final Person person;
    State state = State.RESERVED;

    /// When the state was entered, in milliseconds.
    long since;

    boolean presenter;
    boolean listening;
    boolean microphone;
    boolean camera;

    User(Person person, long now) {
        this.person = person;
        this.since = now;
    }

    /// Whether the server takes the user for present.
    boolean present() {
        return state == State.ONLINE || state == State.LEAVING;
    }

    void enter(State next, long now) {
        state = next;
        since = now;
    }
}
