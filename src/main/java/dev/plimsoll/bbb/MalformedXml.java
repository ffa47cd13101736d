// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

/// A document that is no XML, is too large, or carries a DOCTYPE. The message holds nothing of its content.
public final class MalformedXml extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooMuch;

    MalformedXml(String message) {
        this(message, false);
    }

    MalformedXml(String message, boolean tooMuch) {
        super(message);
        this.tooMuch = tooMuch;
    }

    /// Whether it exceeds a limit, and may be sound otherwise.
    public boolean isTooMuch() {
        return tooMuch;
    }
}
