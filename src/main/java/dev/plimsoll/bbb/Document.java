// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.nio.charset.StandardCharsets;

/// An answer of a server: its bytes, to be passed on word for word, and what we read in it.
///
/// @param contentType as the server sent it
public record Document(byte[] bytes, String contentType, Element root) {

    /// Reads an answer; one that is malformed only by its element names is mended.
    ///
    /// @throws MalformedXml when it is no XML, or too large
    static Document read(byte[] bytes, String contentType) throws MalformedXml {
        try {
            return new Document(bytes, contentType, XmlReading.parse(bytes, XmlLimits.ANSWER));
        } catch (MalformedXml e) {
            String document = new String(bytes, StandardCharsets.UTF_8);
            String repaired = ElementNames.repair(document);
            if (repaired.equals(document)) {
                throw e;
            }
            byte[] mended = repaired.getBytes(StandardCharsets.UTF_8);
            return new Document(mended, contentType, XmlReading.parse(mended, XmlLimits.ANSWER));
        }
    }
}
