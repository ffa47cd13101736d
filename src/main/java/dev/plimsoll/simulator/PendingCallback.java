// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.net.URI;
import java.time.Instant;

/// A callback at the end of a meeting that has failed and will be tried again.
///
/// @param failures attempts so far
public record PendingCallback(URI url, int failures, Instant due) {

    /// The address without its query, which may tell about people.
    @Override
    public String toString() {
        return "callback to %s, %d failures, due %s".formatted(url.getHost(), failures, due);
    }
}
