// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.codehaus.stax2.XMLStreamReader2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// An answer that lists things: read item by item, so that of a large document only what the caller makes of each
/// item is kept.
///
/// @param listed whether the element that holds the items was there
/// @param items in the server's order
record XmlList<T>(String returnCode, String messageKey, boolean listed, List<T> items) {

    /// @param list the element that holds the items, such as `meetings`
    /// @param item an item's element, such as `meeting`
    /// @param wanted which of an item's children are read
    /// @param make from the item as read, and its text word for word
    /// @throws MalformedXml when the document is none, or too large
    static <T> XmlList<T> read(
            byte[] body,
            String list,
            String item,
            Set<String> wanted,
            BiFunction<Element, String, T> make)
            throws MalformedXml {
        String document = new String(body, StandardCharsets.UTF_8);
        try {
            return read(document, list, item, wanted, make);
        } catch (XMLStreamException | RuntimeException e) {
            String repaired = ElementNames.repair(document);
            if (repaired.equals(document)) {
                throw XmlReading.malformed(e);
            }
            try {
                return read(repaired, list, item, wanted, make);
            } catch (XMLStreamException | RuntimeException still) {
                throw XmlReading.malformed(still);
            }
        }
    }

    private static <T> XmlList<T> read(
            String document,
            String list,
            String item,
            Set<String> wanted,
            BiFunction<Element, String, T> make)
            throws XMLStreamException {
        var reader = XmlReading.open(document, XmlLimits.LIST);
        try {
            return read(reader, document, list, item, wanted, make);
        } finally {
            reader.close();
        }
    }

    private static <T> XmlList<T> read(
            XMLStreamReader2 reader,
            String document,
            String list,
            String item,
            Set<String> wanted,
            BiFunction<Element, String, T> make)
            throws XMLStreamException {
        var items = new ArrayList<T>();
        String returnCode = "";
        String messageKey = "";
        boolean listed = false;
        int depth = 1;
        while (depth > 0) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = reader.getLocalName();
                    if (depth == 2 && name.equals(item)) {
                        int start = (int) reader.getLocationInfo().getStartingCharOffset();
                        var element = XmlReading.element(reader, wanted::contains);
                        int end = (int) reader.getLocationInfo().getEndingCharOffset();
                        items.add(make.apply(element, document.substring(start, end)));
                    } else if (depth == 1 && name.equals("returncode")) {
                        returnCode = XmlReading.element(reader).text().strip();
                    } else if (depth == 1 && name.equals("messageKey")) {
                        messageKey = XmlReading.element(reader).text().strip();
                    } else if (depth == 1 && name.equals(list)) {
                        listed = true;
                        depth++;
                    } else {
                        reader.skipElement();
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {}
            }
        }
        XmlReading.toEnd(reader);
        return new XmlList<>(returnCode, messageKey, listed, items);
    }

    /// Why it is no list; empty when it is one.
    Optional<Failure> problem(String things) {
        return switch (returnCode) {
            // Else we would forget its things on the word of an answer that says nothing of them.
            case "SUCCESS" ->
                    listed || messageKey.equalsIgnoreCase("no" + things)
                            ? Optional.empty()
                            : Optional.of(Failure.broken("answers without a list of " + things));
            case "FAILED" ->
                    Optional.of(
                            messageKey.equals("checksumError")
                                    ? Failure.secret()
                                    : Failure.broken("refuses to list its " + things));
            default -> Optional.of(Failure.broken("answers XML without a return code"));
        };
    }
}
