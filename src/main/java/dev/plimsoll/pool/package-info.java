// SPDX-License-Identifier: Apache-2.0
/// The servers: what people allow on them, what polls saw of them, and the poller.
/// Knows nothing of the registry of meetings; it tells a [PollListener] what it saw. Start reading at [ServerPool].
@NullMarked
package dev.plimsoll.pool;

import org.jspecify.annotations.NullMarked;
