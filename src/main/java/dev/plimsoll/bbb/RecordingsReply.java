// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a server says when it is asked for its recordings.
public sealed interface RecordingsReply {

    /// The recordings that fit the question, in no order.
    record Recordings(List<Listed> list) implements RecordingsReply {}

    /// No usable answer.
    record Unusable(Failure failure) implements RecordingsReply {}

    /// A recording, and its `<recording>` element word for word.
    ///
    /// @param startTime epoch milliseconds
    record Listed(String recordId, long startTime, String xml) {}

    /// Reads a getRecordings document: element by element, so that only the recordings' own texts are kept.
    static RecordingsReply read(byte[] body) {
        try {
            var list =
                    XmlList.read(
                            body,
                            "recordings",
                            "recording",
                            Set.of("recordID", "startTime"),
                            (recording, xml) ->
                                    new Listed(
                                            recording.textOf("recordID"),
                                            recording.numberOf("startTime"),
                                            xml));
            var problem = list.problem("recordings");
            return problem.<RecordingsReply>map(Unusable::new)
                    .orElseGet(() -> new Recordings(list.items()));
        } catch (MalformedXml e) {
            return new Unusable(Failure.notXml());
        }
    }

    /// Lists recordings as a server would.
    ///
    /// @param total of all pages, when one page was asked for
    static byte[] write(List<Listed> recordings, Optional<Integer> total) {
        // BBB: the indentation of a Scala literal, with the recordings themselves on one line
        var out =
                new StringBuilder(
                        "<response>\n          <returncode>SUCCESS</returncode>\n          <recordings>");
        recordings.forEach(recording -> out.append(recording.xml()));
        out.append("</recordings>\n");
        if (recordings.isEmpty()) {
            out.append("          <messageKey>noRecordings</messageKey>\n")
                    .append(
                            "          <message>There are no recordings for the meeting(s).</message>\n");
        }
        out.append("        ");
        total.ifPresent(
                count -> out.append("<totalElements>").append(count).append("</totalElements>"));
        return out.append("</response>").toString().getBytes(StandardCharsets.UTF_8);
    }
}
