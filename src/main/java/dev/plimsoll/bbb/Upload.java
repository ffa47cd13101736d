// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.OptionalLong;

/// What is posted while its sender is still sending it.
///
/// @param contentType empty text when there is none
/// @param length in bytes; empty when it is known only at the end
public record Upload(String contentType, OptionalLong length, Source source) {

    /// Where the bytes come from. What it throws ends the call and comes out of it as it is: nothing is said of the
    /// server then.
    @FunctionalInterface
    public interface Source {
        /// Waits for some bytes; how many there are, -1 at the end.
        int read(byte[] into);
    }
}
