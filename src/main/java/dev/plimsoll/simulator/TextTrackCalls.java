// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.RecordingCalls.RecordingCall;
import dev.plimsoll.simulator.Violations.Violation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The calls about subtitles and captions, which answer in JSON.
final class TextTrackCalls {

    private TextTrackCalls() {}

    /// `getRecordingTextTracks`: those of one recording.
    record GetTracks(Recordings recordings, TextTrackFiles files) implements RecordingCall {

        @Override
        public String name() {
            return "getRecordingTextTracks";
        }

        @Override
        public Response answer(Incoming in) {
            String id = in.params().get("recordID", "");
            var recording = recordings.find(id);
            if (recording.isEmpty()) {
                return failed("noRecordings", "No recording found for " + id);
            }
            if (recording.get().tracks().isEmpty()) {
                return failed("noCaptionsFound", "No captions found for " + id);
            }
            var tracks =
                    recording.get().tracks().stream().map(track -> describe(id, track)).toList();
            return json(Json.compact(response("returncode", "SUCCESS", "tracks", tracks)));
        }

        private Map<String, String> describe(String recordId, TextTrack track) {
            var described = new LinkedHashMap<String, String>();
            described.put("href", files.url(recordId, track));
            described.put("kind", track.kind().text());
            described.put("label", track.label());
            described.put("lang", track.lang());
            described.put("source", track.source().text());
            return described;
        }

        private static Response failed(String key, String message) {
            return json(Json.compact(failure(key, message)));
        }
    }

    /// `putRecordingTextTrack`: uploads one; it is listed after some processing.
    record PutTrack(Recordings recordings, Meetings meetings, Duration processing)
            implements ApiCall {

        // BBB: the parser of Commons Lang 2, which knows en and en_US but not en-US
        private static final Pattern LANG =
                Pattern.compile("([a-z]{2})(?:_([A-Z]{2})(?:_(.+))?|__(.+))?");

        @Override
        public String name() {
            return "putRecordingTextTrack";
        }

        @Override
        public Set<String> methods() {
            return Set.of("POST");
        }

        @Override
        public Response respond(Incoming in, Signature signature) {
            if (signature == Signature.MISSING) {
                return failed("paramError", "Missing param checksum.");
            }
            if (in.params().filled("recordID").isEmpty()) {
                return failed("paramError", "Missing param recordID.");
            }
            return signature == Signature.WRONG
                    ? refuse(in, RecordingCalls.NOT_SIGNED)
                    : answer(in);
        }

        @Override
        public Response answer(Incoming in) {
            return problem(in)
                    .map(problem -> failed(problem.key(), problem.message()))
                    .orElseGet(() -> accept(in));
        }

        private Optional<Violation> problem(Incoming in) {
            var params = in.params();
            String id = params.get("recordID", "");
            if (recordings.finished(List.of(id)).isEmpty()) {
                return violation("noRecordings", "No recording was found for " + id);
            }
            String kind = params.get("kind", "");
            if (kind.isEmpty()) {
                return violation("paramError", "Missing param kind.");
            }
            if (TextTrack.Kind.named(kind).isEmpty()) {
                return violation(
                        "invalidKind",
                        "Invalid kind parameter, expected='subtitles|captions' actual=" + kind);
            }
            String lang = params.get("lang", "");
            if (lang.isEmpty()) {
                return violation("paramError", "Missing param lang.");
            }
            if (!LANG.matcher(lang).matches()) {
                return violation("invalidLang", "Malformed lang param, received=" + lang);
            }
            return params.filled("file").isPresent()
                    ? Optional.empty()
                    : violation("empty_uploaded_text_track", "Empty uploaded text track.");
        }

        private static Optional<Violation> violation(String key, String message) {
            return Optional.of(new Violation(key, message));
        }

        private Response accept(Incoming in) {
            String id = in.params().get("recordID", "");
            var locale = locale(in.params().get("lang", ""));
            var track =
                    new TextTrack(
                            TextTrack.Kind.named(in.params().get("kind", "")).orElseThrow(),
                            locale.toLanguageTag(),
                            in.params()
                                    .filled("label")
                                    .orElseGet(() -> locale.getDisplayLanguage(Locale.ENGLISH)),
                            TextTrack.Source.UPLOAD,
                            in.params().get("file", ""));
            meetings.later(
                    processing.toMillis(),
                    () ->
                            recordings
                                    .find(id)
                                    .ifPresent(recording -> recordings.put(recording.with(track))));
            return json(
                    Json.compact(
                            response(
                                    "returncode",
                                    "SUCCESS",
                                    "recordId",
                                    id,
                                    "messageKey",
                                    "upload_text_track_success",
                                    "message",
                                    "Text track uploaded successfully")));
        }

        private static Locale locale(String lang) {
            String[] parts = lang.split("_", 3);
            return parts.length > 1 ? Locale.of(parts[0], parts[1]) : Locale.of(parts[0]);
        }

        private static Response failed(String key, String message) {
            return json(Json.pretty(failure(key, message)));
        }
    }

    private static Response json(String body) {
        return Response.of(200, Answers.JSON, body);
    }

    private static Map<String, Object> failure(String key, String message) {
        return response("returncode", "FAILED", "messageKey", key, "message", message);
    }

    private static Map<String, Object> response(Object... namesAndValues) {
        return Map.of("response", Answers.fields(namesAndValues));
    }
}
