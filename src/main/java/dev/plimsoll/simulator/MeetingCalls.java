// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

import java.util.Set;

/// The calls that do something to a meeting that exists.
final class MeetingCalls {

    private MeetingCalls() {}

    /// `end`: asks for the end of a meeting, which comes a little later.
    record End(Meetings meetings) implements ApiCall {

        @Override
        public String name() {
            return "end";
        }

        @Override
        public void validate(Incoming in, Violations violations) {
            violations.existingMeeting(in, meetings);
            violations.password(in, "password"); // BBB: since 2.5 only its length matters
        }

        @Override
        public Response answer(Incoming in) {
            meetings.askToEnd(in.clean("meetingID").flatMap(meetings::find).orElseThrow());
            return Answers.freshXml(
                    XmlWriting.success()
                            .leaf("messageKey", "sentEndMeetingRequest")
                            .leaf(
                                    "message",
                                    "A request to end the meeting was sent. Please wait a few seconds, and then use"
                                            + " the getMeetingInfo or isMeetingRunning API calls to verify that it"
                                            + " was ended.")
                            .end());
        }
    }

    /// `insertDocument`: gives a running meeting more presentations.
    record InsertDocument(Meetings meetings) implements ApiCall {

        @Override
        public String name() {
            return "insertDocument";
        }

        @Override
        public Set<String> methods() {
            return Set.of("POST");
        }

        @Override
        public Set<String> bodyTypes() {
            return XML;
        }

        @Override
        public boolean breaksOn(Incoming in) {
            return in.params().find("meetingID").isEmpty();
        }

        @Override
        public void validate(Incoming in, Violations violations) {
            violations.meetingId(in);
        }

        @Override
        public Response answer(Incoming in) {
            String id = in.params().get("meetingID", "");
            var meeting = meetings.find(id);
            if (meeting.isEmpty()) {
                return failed("Meeting with id [" + id + "] not found.");
            }
            if (meeting.get().plan.disabledFeatures().contains("presentation")) {
                return failed("Presentation feature is disabled, ignoring.");
            }
            try {
                var documents = Modules.presentations(in);
                if (documents.isEmpty()) {
                    return Answers.page(
                            404); // BBB: no answer from the handler, so a view is looked for
                }
                meeting.get().inserted.addAll(documents.get());
                return Answers.xml(
                        XmlWriting.success()
                                .leaf("message", "Presentation is being uploaded")
                                .end());
            } catch (MalformedXml e) {
                return Answers.page(500);
            }
        }

        // BBB: without a message key
        private static Response failed(String message) {
            return Answers.freshXml(XmlWriting.response("FAILED").leaf("message", message).end());
        }
    }

    /// `sendChatMessage`: says something in the public chat of a running meeting.
    record SendChatMessage(Meetings meetings) implements ApiCall {

        @Override
        public String name() {
            return "sendChatMessage";
        }

        @Override
        public Set<String> methods() {
            return Set.of("GET");
        }

        @Override
        public void validate(Incoming in, Violations violations) {
            violations.meetingId(in);
            var message = in.clean("message");
            if (message.isEmpty()) {
                violations.add("nullError", "You must provide the param message");
            } else if (message.get().isEmpty() || message.get().length() > 500) {
                violations.add("sizeError", "Param message must be between 1 and 500 characters");
            }
            if (in.clean("userName").filter(name -> name.length() > 255).isPresent()) {
                violations.add("sizeError", "Param userName must not exceed 255 characters");
            }
        }

        @Override
        public Response answer(Incoming in) {
            // BBB: a meeting nobody has joined is not running, so it is "not found"
            if (in.clean("meetingID").flatMap(meetings::find).filter(Meeting::running).isEmpty()) {
                return refuse(in, new Violation("meetingNotFound", "Meeting not found"));
            }
            return Answers.xml(
                    XmlWriting.success()
                            .leaf("messageKey", "")
                            .leaf("message", "Message successfully sent")
                            .end());
        }
    }
}
