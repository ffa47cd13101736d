// SPDX-License-Identifier: Apache-2.0
/// Webhooks of the whole pool: who wants to be told, what servers tell us, and bringing it there.
/// Knows nothing of our HTTP surfaces. Start reading at [Hooks].
@NullMarked
package dev.plimsoll.callback;

import org.jspecify.annotations.NullMarked;
