// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
    record Unusable(Failure failure) implements MeetingsReply {}

    /// A meeting, and its `<meeting>` element word for word.
    record Listed(SeenMeeting seen, String xml) {}

    /// Reads a getMeetings document: element by element, so that only the meetings' own texts are kept.
    static MeetingsReply read(byte[] body) {
        try {
            var list =
                    XmlList.read(
                            body,
                            "meetings",
                            "meeting",
                            SeenMeeting.READ,
                            (meeting, xml) -> new Listed(SeenMeeting.read(meeting), xml));
            var problem = list.problem("meetings");
            return problem.<MeetingsReply>map(Unusable::new)
                    .orElseGet(() -> new Meetings(list.items()));
        } catch (MalformedXml e) {
            return new Unusable(Failure.notXml());
        }
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
        byte[] head = bytes(xml.open("meetings").text());
        byte[] tail = XmlWriting.fragment().close("meetings").end();
        long size = (long) head.length + tail.length;
        for (String meeting : meetings) {
            size += bytes(meeting).length + (endsItsLine(meeting) ? 0 : 1);
        }
        // Of its final size at once: all else would be two or three times as large in between.
        // To encode twice is quick, and takes the memory of one meeting.
        var document = ByteBuffer.allocate(Math.toIntExact(size)).put(head);
        for (String meeting : meetings) {
            document.put(bytes(meeting));
            if (!endsItsLine(meeting)) {
                document.put((byte) '\n');
            }
        }
        return document.put(tail).array();
    }

    private static boolean endsItsLine(String meeting) {
        return meeting.endsWith("\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
