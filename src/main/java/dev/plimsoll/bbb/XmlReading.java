// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;

import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads XML without trusting it: no DOCTYPE, no entities but XML's own five, no outside reference, limits on
/// depth, count and size. Pure functions.
public final class XmlReading {

    private XmlReading() {}

    /// Reads a whole document into elements; for documents of moderate size.
    ///
    /// @throws MalformedXml when it is no XML, has a DOCTYPE, or exceeds a limit
    public static Element parse(byte[] document, XmlLimits limits) throws MalformedXml {
        try {
            var reader =
                    (XMLStreamReader2)
                            factory(limits)
                                    .createXMLStreamReader(new ByteArrayInputStream(document));
            try {
                toRoot(reader);
                var root = element(reader);
                toEnd(reader);
                return root;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException e) {
            throw malformed(e);
        }
    }

    /// A reader over text, standing on the root element. Its character offsets are offsets into the text.
    static XMLStreamReader2 open(String document, XmlLimits limits) throws XMLStreamException {
        var reader =
                (XMLStreamReader2)
                        factory(limits).createXMLStreamReader(new StringReader(document));
        toRoot(reader);
        return reader;
    }

    static MalformedXml malformed(Exception e) {
        boolean stream = e instanceof XMLStreamException;
        // Woodstox has no type of its own for it.
        if (stream && String.valueOf(e.getMessage()).contains(" limit (")) {
            return new MalformedXml("XML with too much in it", true);
        }
        return e instanceof XMLStreamException at && at.getLocation() != null
                ? new MalformedXml(
                        "not well-formed XML at line " + at.getLocation().getLineNumber())
                : new MalformedXml("not well-formed XML");
    }

    static void toEnd(XMLStreamReader reader) throws XMLStreamException {
        while (reader.hasNext()) {
            reader.next();
        }
    }

    private static void toRoot(XMLStreamReader reader) throws XMLStreamException {
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            if (reader.getEventType() == XMLStreamConstants.DTD) {
                throw new XMLStreamException("a DOCTYPE is not allowed");
            }
        }
    }

    /// Reads the element the reader stands on, and leaves it on the element's end.
    static Element element(XMLStreamReader2 reader) throws XMLStreamException {
        return element(reader, _ -> true);
    }

    /// The same with those children alone that are wanted: what is passed by costs no memory.
    ///
    /// @param wanted the names of such children
    static Element element(XMLStreamReader2 reader, Predicate<String> wanted)
            throws XMLStreamException {
        String name = reader.getLocalName();
        Map<String, String> attributes = Map.of();
        if (reader.getAttributeCount() > 0) {
            attributes = new LinkedHashMap<>();
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
        }
        var text = new Text();
        List<Element> children = new ArrayList<>(0);
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
            switch (reader.getEventType()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (wanted.test(reader.getLocalName())) {
                        children.add(element(reader));
                    } else {
                        reader.skipElement();
                    }
                }
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE ->
                        text.add(reader.getText());
                case XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new XMLStreamException(
                                "an entity is not allowed", reader.getLocation());
                default -> {} // comments and processing instructions say nothing to us
            }
        }
        return new Element(name, attributes, text.toString(), children);
    }

    /// The text of an element, which nearly always comes in one piece: then nothing is copied.
    private static final class Text {
        private String first = "";
        private @Nullable StringBuilder all;

        void add(String piece) {
            if (all != null) {
                all.append(piece);
            } else if (first.isEmpty()) {
                first = piece;
            } else {
                all = new StringBuilder(first).append(piece);
            }
        }

        @Override
        public String toString() {
            return all == null ? first : all.toString();
        }
    }

    private static final Map<XmlLimits, WstxInputFactory> FACTORIES =
            new java.util.concurrent.ConcurrentHashMap<>();

    private static WstxInputFactory factory(XmlLimits limits) {
        return FACTORIES.computeIfAbsent(limits, XmlReading::newFactory);
    }

    private static WstxInputFactory newFactory(XmlLimits limits) {
        var factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, limits.depth());
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_COUNT, (long) limits.elements());
        factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, limits.text());
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, limits.text());
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, 64);
        // Names repeat within a document but need not stay in memory for ever: a hostile server
        // could invent them.
        factory.setProperty(
                XMLInputFactory.RESOLVER,
                (javax.xml.stream.XMLResolver)
                        (a, b, c, d) -> new ByteArrayInputStream(new byte[0]));
        return factory;
    }
}
