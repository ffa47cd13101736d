// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The calls about recordings. BBB: they have a controller of their own, which looks at the checksum last and has
/// other words for a wrong one, but no eye for content types.
final class RecordingCalls {

    static final Violation NOT_SIGNED =
            new Violation("checksumError", "You did not pass the checksum security check");
    static final Violation NO_RECORD_ID =
            new Violation("missingParamRecordID", "You must specify a recordID.");

    private RecordingCalls() {}

    /// What these calls have in common.
    interface RecordingCall extends ApiCall {

        /// The first parameter that is missing.
        default Optional<Violation> missing(Incoming in) {
            return in.params().filled("recordID").isPresent()
                    ? Optional.empty()
                    : Optional.of(NO_RECORD_ID);
        }

        @Override
        default Response respond(Incoming in, Signature signature) {
            if (signature == Signature.MISSING) {
                return refuse(in, NOT_SIGNED);
            }
            return missing(in)
                    .or(() ->
                            signature == Signature.WRONG
                                    ? Optional.of(NOT_SIGNED)
                                    : Optional.empty())
                    .map(violation -> refuse(in, violation))
                    .orElseGet(() -> answer(in));
        }
    }

    /// `getRecordings`: the recordings that fit.
    record GetRecordings(
            Recordings recordings, RecordingXml xml, Paging paging, RecordingSettings settings)
            implements RecordingCall {

        @Override
        public String name() {
            return "getRecordings";
        }

        @Override
        public Optional<Violation> missing(Incoming in) {
            return Optional.empty();
        }

        @Override
        public Response answer(Incoming in) {
            var query = RecordingQuery.of(in.params());
            boolean everything = query.prefixes().isEmpty() && query.page().isEmpty();
            if (everything && settings.fetchAll() == RecordingSettings.FetchAll.FORBIDDEN) {
                return Answers.xml(RecordingXml.fetchAllForbidden());
            }
            return Answers.xml(xml.list(query.in(recordings.all(), paging), query, paging));
        }
    }

    /// `publishRecordings`: shows recordings, or hides them.
    record PublishRecordings(Recordings recordings, RecordingEvents events)
            implements RecordingCall {

        private static final Set<String> YES = Set.of("true", "1", "y");

        @Override
        public String name() {
            return "publishRecordings";
        }

        @Override
        public Set<String> methods() {
            return Set.of("GET");
        }

        @Override
        public Optional<Violation> missing(Incoming in) {
            return RecordingCall.super
                    .missing(in)
                    .or(() ->
                            in.params().filled("publish").isPresent()
                                    ? Optional.empty()
                                    : Optional.of(
                                            new Violation(
                                                    "missingParamPublish",
                                                    "You must specify a publish value true or false.")));
        }

        @Override
        public Response answer(Incoming in) {
            String publish = in.params().get("publish", "");
            var state =
                    YES.contains(publish.toLowerCase(Locale.ROOT))
                            ? Recording.State.PUBLISHED
                            : Recording.State.UNPUBLISHED;
            return change(
                    recordings,
                    in,
                    "published",
                    publish,
                    recording -> {
                        if (recording.state() != state) {
                            recordings.put(recording.in(state));
                            events.moved(recording.in(state));
                        }
                    });
        }
    }

    /// `deleteRecordings`: puts recordings away. BBB: nothing is erased.
    record DeleteRecordings(Recordings recordings, RecordingEvents events)
            implements RecordingCall {

        @Override
        public String name() {
            return "deleteRecordings";
        }

        @Override
        public Set<String> methods() {
            return Set.of("GET");
        }

        @Override
        public Response answer(Incoming in) {
            return change(
                    recordings,
                    in,
                    "deleted",
                    "true",
                    recording -> {
                        recordings.put(recording.in(Recording.State.DELETED));
                        events.moved(recording.in(Recording.State.DELETED));
                    });
        }
    }

    /// `updateRecordings`: changes metadata.
    record UpdateRecordings(Recordings recordings) implements RecordingCall {

        private static final Set<Recording.State> REACHED =
                Set.of(
                        Recording.State.PUBLISHED,
                        Recording.State.UNPUBLISHED,
                        Recording.State.DELETED);

        @Override
        public String name() {
            return "updateRecordings";
        }

        @Override
        public Response answer(Incoming in) {
            return change(
                    recordings,
                    in,
                    "updated",
                    "true",
                    recording -> {
                        // BBB: one id must exist in full, but then prefixes count, and deleted
                        // recordings too
                        for (var other : List.copyOf(recordings.all())) {
                            if (REACHED.contains(other.state()) && isMeant(in, other)) {
                                recordings.put(updated(other, in));
                            }
                        }
                    });
        }

        private static boolean isMeant(Incoming in, Recording recording) {
            return ids(in).anyMatch(recording.recordId()::startsWith);
        }

        private static Recording updated(Recording recording, Incoming in) {
            var changed = recording;
            for (var entry : MeetingPlan.metadata(in.params()).entrySet()) {
                changed = changed.with(entry.getKey(), entry.getValue());
            }
            return changed;
        }
    }

    private interface Change {
        void on(Recording recording);
    }

    private static Stream<String> ids(Incoming in) {
        return RecordingQuery.list(in.params().get("recordID", "")).stream();
    }

    /// Changes those that exist, silently passing over the others.
    private static Response change(
            Recordings recordings, Incoming in, String done, String value, Change change) {
        var meant = recordings.finished(ids(in).toList());
        if (meant.isEmpty()) {
            return Answers.failed(in, new Violation("notFound", "We could not find recordings"));
        }
        meant.forEach(change::on);
        // BBB: a literal on one line, not a template
        String text =
                "<response><returncode>SUCCESS</returncode><%1$s>%2$s</%1$s></response>"
                        .formatted(done, RecordingXml.escape(value));
        return Answers.xml(text.getBytes(StandardCharsets.UTF_8));
    }
}
