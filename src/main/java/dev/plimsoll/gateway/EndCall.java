// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/// `end`: ends a meeting on its server and forgets it, unless the server certainly did not end it.
final class EndCall extends NamedCall {

    private static final Logger LOG = LoggerFactory.getLogger(EndCall.class);
    private static final String ACCEPTED =
            "A request to end the meeting was sent. Please wait a few seconds, and then use the getMeetingInfo or"
                    + " isMeetingRunning API calls to verify that it was ended.";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MeetingRegistry meetings;
    private final Forwarding forwarding;

    EndCall(MeetingRegistry meetings, Forwarding forwarding) {
        super("end", "Ends a meeting for everybody.", Method.GET, Method.POST);
        this.meetings = meetings;
        this.forwarding = forwarding;
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        // BBB: a missing id is reported like an unknown one
        var known =
                call.params()
                        .filled("meetingID")
                        .flatMap(_ -> meetings.find(call.meetingKey()))
                        .orElseThrow(ApiFault::notFound);
        if (known.isLost()) {
            // Should its server come back with it, it is ended then.
            meetings.endedByUs(known);
            return accepted();
        }
        // One that is being created cannot be ended before we know which one it is.
        var meeting = meetings.awaitConfirmed(known, PATIENCE).orElseThrow(ApiFault::notFound);
        var reply = forwarding.act(name(), call, meeting);
        return switch (reply) {
            case ServerReply.Success(var document) -> {
                noteEnd(meeting);
                yield Reply.Xml.of(document);
            }
            case ServerReply.Unreachable(_, _, Delivery delivery)
                    when delivery == Delivery.UNKNOWN -> {
                // It may be dying, and a create in this moment would be told that it runs. So it is
                // over; if the server did not hear of it, a poll sees that and ends it. Without the
                // note no poll would, so a database that is away is the caller's to hear of.
                meetings.endedByUs(meeting);
                yield accepted();
            }
            case ServerReply.Unreachable _, ServerReply.Refused _, ServerReply.Redirected _ ->
                    Forwarding.pass(reply);
        };
    }

    private static Reply accepted() {
        return new Reply.Xml(
                XmlWriting.success()
                        .leaf("messageKey", "sentEndMeetingRequest")
                        .leaf("message", ACCEPTED)
                        .end());
    }

    private void noteEnd(Meeting meeting) {
        try {
            meetings.endedByUs(meeting);
        } catch (DatabaseAway e) {
            LOG.atDebug().setCause(e).log("an end is not noted; a poll will see it");
        }
    }
}
