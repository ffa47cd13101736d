// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// One form in which a recording can be seen or heard, such as `presentation` or `video`.
///
/// @param processing how long the server took to make it
/// @param length how long it plays
/// @param size in bytes
/// @param thumbnails pictures of the first slides, made of presentations other than the default one
public record PlaybackFormat(
        String type, Duration processing, Duration length, long size, List<Thumbnail> thumbnails) {

    /// A picture of a slide.
    ///
    /// @param presentationId as in its address
    /// @param alt what the slide says
    public record Thumbnail(String presentationId, int number, String alt) {}

    public PlaybackFormat {
        thumbnails = List.copyOf(thumbnails);
    }

    /// An hour, 30 MB.
    public static PlaybackFormat of(String type) {
        return new PlaybackFormat(
                type, Duration.ofMinutes(5), Duration.ofHours(1), 30_000_000, List.of());
    }

    public PlaybackFormat withProcessing(Duration time) {
        return new PlaybackFormat(type, time, length, size, thumbnails);
    }

    public PlaybackFormat withLength(Duration time) {
        return new PlaybackFormat(type, processing, time, size, thumbnails);
    }

    public PlaybackFormat withSize(long bytes) {
        return new PlaybackFormat(type, processing, length, bytes, thumbnails);
    }

    /// With pictures of the first slides of one presentation.
    public PlaybackFormat withThumbnails(String presentationId, String... alts) {
        var pictures =
                IntStream.range(0, alts.length)
                        .mapToObj(i -> new Thumbnail(presentationId, i + 1, alts[i]))
                        .toList();
        return new PlaybackFormat(type, processing, length, size, pictures);
    }

    // BBB: statistics are listed apart, under "data"
    boolean isData() {
        return type.equals("statistics");
    }

    /// Where it is played.
    ///
    /// @param server its address without a final slash
    String url(String server, String recordId) {
        return server
                + switch (type) {
                    case "presentation" -> "/playback/presentation/2.3/" + recordId;
                    case "podcast" -> "/podcast/" + recordId + "/audio.ogg";
                    case "notes" -> "/notes/" + recordId + "/notes.pdf";
                    case "screenshare" -> "/recording/screenshare/" + recordId + "/";
                    default -> "/playback/" + type + "/" + recordId + "/";
                };
    }

    static String thumbnailUrl(Thumbnail picture, String server, String recordId) {
        return "%s/presentation/%s/presentation/%s/thumbnails/thumb-%d.png"
                .formatted(server, recordId, picture.presentationId(), picture.number());
    }
}
