// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

/// How large an XML document may be before we refuse to read on.
///
/// @param depth nested elements
/// @param elements elements in all
/// @param text characters of one text or attribute
public record XmlLimits(int depth, int elements, int text) {

    /// For what callers send: a few documents, perhaps a presentation in base64.
    public static final XmlLimits BODY = new XmlLimits(16, 10_000, 16_000_000);

    /// For what servers answer: hundreds of meetings with hundreds of people each. In memory an element takes some
    /// hundred bytes, however short it was on the wire.
    public static final XmlLimits ANSWER = new XmlLimits(32, 500_000, 1_000_000);

    /// For lists of meetings, which are read one meeting at a time: ten thousand meetings are 600 000 elements.
    public static final XmlLimits LIST = new XmlLimits(32, 5_000_000, 1_000_000);
}
