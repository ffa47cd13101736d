// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `create`: begins a meeting, or finds the one that runs already.
record CreateCall(Meetings meetings, Chance chance) implements ApiCall {

    private static final Set<String> BODIES = union();

    @Override
    public String name() {
        return "create";
    }

    @Override
    public Set<String> bodyTypes() {
        return BODIES;
    }

    private static Set<String> union() {
        var both = new HashSet<>(FORMS);
        both.addAll(XML);
        return Set.copyOf(both);
    }

    @Override
    public void validate(Incoming in, Violations violations) {
        var name = in.clean("name");
        if (name.isEmpty()) {
            violations.add("nullError", "You must provide a meeting name");
        } else if (name.get().isEmpty()) {
            violations.add("emptyError", "You must provide a meeting name");
        }
        if (name.isPresent() && (name.get().length() < 2 || name.get().length() > 256)) {
            violations.add("sizeError", "Meeting name must be between 2 and 256 characters");
        }
        violations.meetingId(in);
        violations.password(in, "attendeePW");
        violations.password(in, "moderatorPW");
        violations.integer(in, "voiceBridge", "Voice bridge must be an integral value");
        violations.bool(in, "record", "Record");
        violations.bool(in, "isBreakout", "Breakout");
        in.clean("presentationUploadExternalUrl")
                .filter(url -> !url.isEmpty() && !isUrl(url))
                .ifPresent(_ ->
                        violations.add(
                                "validationError",
                                "Param 'presentationUploadExternalUrl' is not a valid URL"));
    }

    private static boolean isUrl(String text) {
        try {
            return new URI(text).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    @Override
    public Response answer(Incoming in) {
        // BBB: the id must not need cleaning; a missing one says the same
        if (!in.params().find("meetingID").equals(in.clean("meetingID"))
                || in.clean("meetingID").isEmpty()) {
            return refuse(in, new Violation("validationError", "Invalid meeting ID"));
        }
        if (MeetingPlan.truth(in.params(), "isBreakout")) {
            return createRoom(in);
        }
        return create(in, Optional.empty());
    }

    private Response createRoom(Incoming in) {
        var parentId = in.params().filled("parentMeetingID");
        if (parentId.isEmpty()) {
            return refuse(
                    in,
                    new Violation(
                            "parentMeetingIDMissing",
                            "No parent meeting ID was provided for the breakout room"));
        }
        var parent = meetings.find(parentId.get());
        if (parent.isEmpty()) {
            return refuse(
                    in,
                    new Violation(
                            "parentMeetingDoesNotExist",
                            "No parent meeting exists for the breakout room"));
        }
        var sequence = in.params().get("sequence", "");
        if (!sequence.matches("\\d{1,9}")) {
            return Answers.page(500); // BBB: runs into a NumberFormatException
        }
        boolean freeJoin = MeetingPlan.truth(in.params(), "freeJoin");
        return create(
                in,
                Optional.of(
                        new MeetingPlan.Breakout(
                                parent.get().internalId, Long.parseLong(sequence), freeJoin)));
    }

    private Response create(Incoming in, Optional<MeetingPlan.Breakout> breakout) {
        List<String> documents;
        try {
            documents = Modules.presentations(in).orElse(List.of());
        } catch (MalformedXml e) {
            return Answers.page(500); // BBB: also for a second create, which ignores the documents
        }
        var plan = plan(in, breakout, documents);
        var existing =
                breakout.isPresent()
                        ? meetings.findExactly(plan.meetingId())
                        : meetings.findByExternalId(plan.meetingId());
        if (existing.isPresent()) {
            return again(in, existing.get());
        }
        if (meetings.voiceTaken(plan)) {
            return voiceTaken();
        }
        return Answers.freshXml(MeetingXml.created(meetings.add(plan), "", ""));
    }

    private MeetingPlan plan(
            Incoming in, Optional<MeetingPlan.Breakout> breakout, List<String> documents) {
        var plan = MeetingPlan.of(in.params(), breakout, documents, chance);
        if (in.params().filled("voiceBridge").isEmpty()) {
            for (int i = 1; i < 10 && meetings.voiceTaken(plan); i++) {
                plan = MeetingPlan.of(in.params(), breakout, documents, chance);
            }
        }
        return plan;
    }

    private Response again(Incoming in, Meeting existing) {
        String attendee = in.params().get("attendeePW", "");
        String moderator = in.params().get("moderatorPW", "");
        boolean none = attendee.isEmpty() && moderator.isEmpty();
        boolean same =
                attendee.equals(existing.plan.attendeePassword())
                        && moderator.equals(existing.plan.moderatorPassword());
        if (none || same) {
            return Answers.freshXml(
                    MeetingXml.created(
                            existing,
                            "duplicateWarning",
                            "This conference was already in existence and may currently be in progress."));
        }
        return refuse(
                in,
                new Violation(
                        "idNotUnique",
                        "A meeting already exists with that meeting ID. Please use a different meeting ID."));
    }

    // BBB: the one error with another shape
    private static Response voiceTaken() {
        return Answers.freshXml(
                XmlWriting.response("FAILED")
                        .open("errors")
                        .open("error")
                        .leaf("key", "nonUniqueVoiceBridge")
                        .leaf("message", "The selected voice bridge is already in use.")
                        .close("error")
                        .close("errors")
                        .end());
    }
}
