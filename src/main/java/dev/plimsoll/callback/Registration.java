// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

/// A hook of ours on a server.
///
/// @param meetingId as the server knows it; empty text for all meetings
record Registration(EventKind kind, String meetingId) {

    static Registration global(EventKind kind) {
        return new Registration(kind, "");
    }
}
