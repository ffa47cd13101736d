// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Response;

/// The calls that only look.
final class StateCalls {

    private StateCalls() {}

    /// `isMeetingRunning`: whether somebody is there. An unknown meeting just is not running.
    record IsMeetingRunning(Meetings meetings) implements ApiCall {

        @Override
        public String name() {
            return "isMeetingRunning";
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
            boolean running =
                    in.clean("meetingID")
                            .flatMap(meetings::find)
                            .filter(Meeting::running)
                            .isPresent();
            return Answers.freshXml(XmlWriting.success().leaf("running", running).end());
        }
    }

    /// `getMeetingInfo`: one meeting with its people.
    record GetMeetingInfo(Meetings meetings, MeetingXml xml) implements ApiCall {

        @Override
        public String name() {
            return "getMeetingInfo";
        }

        @Override
        public void validate(Incoming in, Violations violations) {
            violations.existingMeeting(in, meetings);
        }

        @Override
        public Response answer(Incoming in) {
            // BBB: the one state call without Cache-Control
            return Answers.xml(
                    xml.info(in.clean("meetingID").flatMap(meetings::find).orElseThrow()));
        }
    }

    /// `getMeetings`: all meetings with their people.
    record GetMeetings(Meetings meetings, MeetingXml xml) implements ApiCall {

        @Override
        public String name() {
            return "getMeetings";
        }

        @Override
        public Response answer(Incoming in) {
            return Answers.freshXml(xml.list(meetings.all()));
        }
    }

    /// `getSessions`: who holds a session token; undocumented by BigBlueButton.
    record GetSessions(Meetings meetings) implements ApiCall {

        @Override
        public String name() {
            return "getSessions";
        }

        @Override
        public Response answer(Incoming in) {
            var xml = XmlWriting.success();
            if (meetings.sessions().isEmpty()) {
                xml.empty("sessions")
                        .leaf("messageKey", "noSessions")
                        .leaf("message", "no sessions were found on this serverr"); // BBB: sic
                return Answers.freshXml(xml.end());
            }
            xml.open("sessions");
            for (var session : meetings.sessions()) {
                xml.open("meeting")
                        .leaf("meetingID", session.meeting().internalId)
                        .leaf("meetingName", session.meeting().plan.name())
                        .leaf("userName", session.user().person.name())
                        .close("meeting");
            }
            return Answers.freshXml(xml.close("sessions").end());
        }
    }
}
