// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Words to go with a recording.
///
/// @param lang as in BCP 47, such as `en-US`
/// @param label what people see
/// @param content the file itself
public record TextTrack(Kind kind, String lang, String label, Source source, String content) {

    /// For those who do not understand the language, or for those who do not hear.
    public enum Kind {
        SUBTITLES,
        CAPTIONS;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> named(String word) {
            return Arrays.stream(values()).filter(kind -> kind.text().equals(word)).findFirst();
        }
    }

    /// Who wrote it.
    public enum Source {
        LIVE,
        AUTOMATIC,
        UPLOAD;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Captions typed during the meeting.
    public static TextTrack live(String lang, String label) {
        return new TextTrack(Kind.CAPTIONS, lang, label, Source.LIVE, "WEBVTT\n");
    }

    /// The name of its file, of which a recording has one.
    String file() {
        return kind.text() + "_" + lang + ".vtt";
    }
}
