// SPDX-License-Identifier: Apache-2.0
/// Which server gets a new meeting, and why: pure functions, no clock, no I/O, no state.
/// Knows nothing of how meetings are stored. Start reading at [PlacementPolicy].
@NullMarked
package dev.plimsoll.placement;

import org.jspecify.annotations.NullMarked;
