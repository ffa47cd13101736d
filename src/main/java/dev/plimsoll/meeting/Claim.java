// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.placement.Placement;

/// What came of claiming a meeting for a server.
public sealed interface Claim {

    /// The meeting is ours to create.
    ///
    /// @param recipe how, which is more than what was asked for when it continues an earlier run
    record Won(Meeting meeting, Recipe recipe) implements Claim {}

    /// Somebody else has claimed or created it.
    record Existing(Meeting meeting) implements Claim {}

    /// No server can take it.
    record NoServer(Placement.NoServer why) implements Claim {}
}
