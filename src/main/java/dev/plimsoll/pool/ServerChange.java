// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

/// What became of a wish to change a server.
public sealed interface ServerChange {

    /// It is done; the server as it is now, or as it was before it left.
    record Done(Server server) implements ServerChange {}

    /// It was so already.
    record Unchanged(Server server) implements ServerChange {}

    /// There is no such server.
    record Unknown(ServerId id) implements ServerChange {}

    /// It must not be done now.
    ///
    /// @param why in the operator's words
    record Rejected(String why) implements ServerChange {}
}
