// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Document;
import dev.plimsoll.http.Response;

/// What a call answers. The gateway, not the call, turns it into HTTP.
sealed interface Reply {

    /// An XML document.
    record Xml(byte[] document, Caching caching) implements Reply {

        Xml(byte[] document) {
            this(document, Caching.FORBIDDEN);
        }

        /// What a server answered, word for word.
        static Xml of(Document document) {
            return new Xml(document.bytes());
        }
    }

    /// What an answer says of caching.
    // BBB: says nothing in a successful getMeetingInfo, and forbids it in nearly all else
    enum Caching {
        FORBIDDEN,
        UNSAID
    }

    /// Sends the browser on.
    record Redirect(String location) implements Reply {}

    /// A page for a person in a browser.
    record Page(Response page) implements Reply {}

    /// A JSON document.
    record Json(byte[] document) implements Reply {}

    /// What a server answered, with its status.
    record Raw(int status, String contentType, byte[] body) implements Reply {}

    /// A word of text.
    record Text(String text) implements Reply {}

    /// An answer with a cookie for the browser.
    record WithCookie(Reply answer, String cookie) implements Reply {}

    /// An answer from which something is missing.
    ///
    /// @param what for whoever looks at the headers; clients do not
    record Incomplete(Reply answer, String what) implements Reply {}
}
