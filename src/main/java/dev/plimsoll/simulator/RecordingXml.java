// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes lists of recordings as bbb-web's recording code does: not by templates, so recordings stand on one line, in
/// a wrapper that keeps the indentation of the source.
record RecordingXml(Address address) {

    private static final String NONE_FOUND =
            """
            <response>
                      <returncode>SUCCESS</returncode>
                      <recordings></recordings>
                      <messageKey>noRecordings</messageKey>
                      <message>There are no recordings for the meeting(s).</message>
                    \
            """;

    /// The answer when everything was asked for and may not be.
    static byte[] fetchAllForbidden() {
        return bytes(
                "<response><returncode>SUCCESS</returncode><messageKey>noRecordings</messageKey><message>No recordings"
                        + " found. This may occur if you attempt to retrieve all recordings.</message></response>");
    }

    /// The answer to `getRecordings`.
    byte[] list(RecordingQuery.Found found, RecordingQuery query, Paging paging) {
        var out = new StringBuilder(1000);
        if (found.recordings().isEmpty()) {
            out.append(NONE_FOUND);
        } else {
            out.append(
                    "<response>\n          <returncode>SUCCESS</returncode>\n          <recordings>");
            found.recordings().forEach(recording -> write(out, recording));
            out.append("</recordings>\n        ");
        }
        query.page().ifPresent(page -> total(out, found, page, paging));
        return bytes(out.append("</response>").toString());
    }

    private static void total(
            StringBuilder out,
            RecordingQuery.Found found,
            RecordingQuery.Page page,
            Paging paging) {
        switch (paging) {
            case NONE -> {}
            case DIRECTORIES -> {
                out.append("<pagination><pageable>");
                leaf(out, "offset", page.offset());
                leaf(out, "limit", page.limit());
                out.append("<paged>true</paged><unpaged>false</unpaged></pageable>");
                leaf(out, "totalElements", found.total());
                leaf(out, "empty", found.recordings().isEmpty());
                out.append("</pagination>");
            }
            case RECORDINGS -> leaf(out, "totalElements", found.total());
        }
    }

    private void write(StringBuilder out, Recording recording) {
        out.append("<recording>");
        leaf(out, "recordID", recording.recordId());
        leaf(out, "meetingID", recording.meetingId());
        leaf(out, "internalMeetingID", recording.recordId());
        leaf(out, "name", recording.name());
        leaf(out, "isBreakout", recording.breakout().isPresent());
        leaf(out, "published", recording.state() == Recording.State.PUBLISHED);
        leaf(out, "state", recording.state().text());
        leaf(out, "startTime", recording.start().toEpochMilli());
        leaf(out, "endTime", recording.end().toEpochMilli());
        leaf(out, "participants", recording.participants());
        leaf(out, "rawSize", recording.rawSize());
        out.append("<metadata>");
        recording.allMetadata().forEach((key, value) -> leaf(out, key, value));
        out.append("</metadata>");
        rooms(out, recording);
        leaf(out, "size", recording.formats().stream().mapToLong(PlaybackFormat::size).sum());
        formats(out, recording);
        out.append("</recording>");
    }

    private static void rooms(StringBuilder out, Recording recording) {
        recording
                .breakout()
                .ifPresent(room -> {
                    out.append("<breakout>");
                    leaf(out, "parentId", room.parentId());
                    leaf(out, "sequence", room.sequence());
                    leaf(out, "freeJoin", room.freeJoin());
                    out.append("</breakout>");
                });
        if (!recording.breakoutRooms().isEmpty()) {
            out.append("<breakoutRooms>");
            recording.breakoutRooms().forEach(id -> leaf(out, "breakoutRoom", id));
            out.append("</breakoutRooms>");
        }
    }

    private void formats(StringBuilder out, Recording recording) {
        out.append("<playback>");
        for (var format : recording.formats()) {
            if (!format.isData()) {
                out.append("<format>");
                leaf(out, "type", format.type());
                leaf(out, "url", format.url(address.url(), recording.recordId()));
                leaf(out, "processingTime", format.processing().toMillis());
                leaf(out, "length", format.length().toMinutes());
                leaf(out, "size", format.size());
                pictures(out, format.thumbnails(), recording.recordId());
                out.append("</format>");
            }
        }
        out.append("</playback><data>");
        for (var format : recording.formats()) {
            if (format.isData()) {
                out.append("<format>");
                leaf(out, "type", format.type());
                leaf(out, "url", format.url(address.url(), recording.recordId()));
                out.append("</format>");
            }
        }
        out.append("</data>");
    }

    private void pictures(
            StringBuilder out, List<PlaybackFormat.Thumbnail> pictures, String recordId) {
        if (pictures.isEmpty()) {
            return;
        }
        out.append("<preview><images>");
        for (var picture : pictures) {
            out.append("<image width=\"176\" height=\"136\" alt=\"")
                    .append(escape(picture.alt()))
                    .append("\">")
                    .append(escape(PlaybackFormat.thumbnailUrl(picture, address.url(), recordId)))
                    .append("</image>");
        }
        out.append("</images></preview>");
    }

    private static void leaf(StringBuilder out, String name, Object value) {
        out.append('<')
                .append(name)
                .append('>')
                .append(escape(value.toString()))
                .append("</")
                .append(name)
                .append('>');
    }

    // BBB: Scala's writer, unlike the templates, leaves apostrophes and white space alone
    static String escape(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
