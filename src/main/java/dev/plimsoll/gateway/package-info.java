// SPDX-License-Identifier: Apache-2.0
/// The BigBlueButton API as frontends see it: one table of calls, one class per call.
/// Keeps no state of its own. Start reading at [Calls].
@NullMarked
package dev.plimsoll.gateway;

import org.jspecify.annotations.NullMarked;
