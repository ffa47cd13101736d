// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.pool.ServerId;

import java.time.Instant;

/// A meeting that must not run on a server, but may: the mark by which a poll recognises it.
///
/// @param internalId which one; empty text when the server may have created it without our hearing its answer, or
///     may yet do so. Such a mark stays for an hour, and rests while the meeting is registered on that very server
record Stray(ServerId server, String scopedId, String internalId, Cause cause, Instant since) {

    enum Cause {
        /// A create went there and its answer was lost, or the server was given up: the meeting may run there, but was
        /// opened elsewhere. [Twins] decides which of them stays.
        ANSWER_LOST,
        /// It is to be ended there, and perhaps is already.
        ENDED
    }
}
