// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.util.function.Consumer;

/// A write that is most often all there is to do, made before it is known how things stand; see [Database#write].
///
/// @param write does nothing if things are not as they were thought to be
/// @param result what came of it if it did something
/// @param refused looks anew at what it was made upon, if it did nothing: the next bid shall be better
public record Bid<T>(Write write, T result, Consumer<Tx> refused) {

    /// One that cannot be bettered by looking.
    public Bid(Write write, T result) {
        this(write, result, _ -> {});
    }
}
