// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Document;

/// What a call answers. The gateway, not the call, turns it into HTTP.
sealed interface Reply {

    /// An XML document.
    record Xml(byte[] document) implements Reply {
        /// What a server answered, word for word.
        static Xml of(Document document) {
            return new Xml(document.bytes());
        }
    }

    /// Sends the browser on.
    record Redirect(String location) implements Reply {}
}
