// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.codehaus.stax2.XMLStreamReader2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// What a server says when it is asked for its meetings.
public sealed interface MeetingsReply {

    /// The meetings it runs, in its order.
    record Meetings(List<Listed> list) implements MeetingsReply {

        /// What we read of the meetings.
        public List<SeenMeeting> seen() {
            return list.stream().map(Listed::seen).toList();
        }
    }

    /// No usable answer.
    record Unusable(String reason) implements MeetingsReply {}

    /// A meeting, and its `<meeting>` element word for word.
    record Listed(SeenMeeting seen, String xml) {}

    /// Reads a getMeetings document: element by element, so that only the meetings' own texts are kept.
    static MeetingsReply read(byte[] body) {
        String document = new String(body, StandardCharsets.UTF_8);
        try {
            var reader = (XMLStreamReader2) XmlReading.open(document, XmlLimits.LIST);
            try {
                return read(reader, document);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException e) {
            return new Unusable("answers something that is not XML");
        }
    }

    private static MeetingsReply read(XMLStreamReader2 reader, String document)
            throws XMLStreamException {
        var meetings = new ArrayList<Listed>();
        String returnCode = "";
        String messageKey = "";
        boolean listed = false;
        int depth = 1;
        while (depth > 0) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = reader.getLocalName();
                    if (depth == 2 && name.equals("meeting")) {
                        meetings.add(meeting(reader, document));
                    } else if (depth == 1 && name.equals("returncode")) {
                        returnCode = XmlReading.element(reader).text().strip();
                    } else if (depth == 1 && name.equals("messageKey")) {
                        messageKey = XmlReading.element(reader).text().strip();
                    } else if (depth == 1 && name.equals("meetings")) {
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
        return switch (returnCode) {
            // Else we would forget its meetings on the word of an answer that says nothing of them.
            case "SUCCESS" ->
                    listed || messageKey.equals("noMeetings")
                            ? new Meetings(meetings)
                            : new Unusable("answers getMeetings without a list of meetings");
            case "FAILED" ->
                    new Unusable(
                            messageKey.equals("checksumError")
                                    ? "refuses our secret"
                                    : "refuses to list its meetings");
            default -> new Unusable("answers XML without a return code");
        };
    }

    private static Listed meeting(XMLStreamReader2 reader, String document)
            throws XMLStreamException {
        int start = (int) reader.getLocationInfo().getStartingCharOffset();
        var seen = SeenMeeting.read(XmlReading.element(reader));
        int end = (int) reader.getLocationInfo().getEndingCharOffset();
        return new Listed(seen, document.substring(start, end));
    }

    /// Lists meetings as a server would; the way back from [#read].
    static byte[] write(List<String> meetings) {
        var xml = XmlWriting.success();
        if (meetings.isEmpty()) {
            return xml.empty("meetings")
                    .leaf("messageKey", "noMeetings")
                    .leaf("message", "no meetings were found on this server")
                    .end();
        }
        xml.open("meetings");
        meetings.forEach(xml::raw);
        return xml.close("meetings").end();
    }
}
