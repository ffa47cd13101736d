// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

/// Is told what happens to recordings, under the lock of [Meetings]: must not block.
interface RecordingEvents {

    /// A recording was published, unpublished or deleted by a call.
    void moved(Recording recording);
}
