// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

/// A document that is no XML, is too large, or carries a DOCTYPE. The message holds nothing of its content.
public final class MalformedXml extends Exception {

    private static final long serialVersionUID = 1;

    MalformedXml(String message) {
        super(message);
    }
}
