// SPDX-License-Identifier: Apache-2.0
/// Which meeting runs where: claim, confirm, reconcile, forget.
/// Knows nothing of HTTP. Start reading at [MeetingRegistry].
@NullMarked
package dev.plimsoll.meeting;

import org.jspecify.annotations.NullMarked;
