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
        /// A create went there, its answer was lost, and the meeting was opened elsewhere.
        ANSWER_LOST,
        /// We were asked to end it, and the server agreed.
        ENDED
    }
}
