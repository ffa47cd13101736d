// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.Optional;
import java.util.function.Consumer;

/// A write that is most often all there is to do, made before it is known how things stand; see [Database#write].
///
/// @param write does nothing if things are not as they were thought to be
/// @param result what came of it if it did something
/// @param look reads anew what it was made upon, if it did nothing, so that a second bid is better; empty where looking
///     would not help
public record Bid<T>(Write write, T result, Optional<Consumer<Tx>> look) {

    public Bid(Write write, T result, Consumer<Tx> look) {
        this(write, result, Optional.of(look));
    }

    public Bid(Write write, T result) {
        this(write, result, Optional.empty());
    }
}
