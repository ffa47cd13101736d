// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.meeting.MeetingRegistry;

/// A question about one meeting that only its server can answer.
final class ForwardedCall extends NamedCall {

    private final MeetingRegistry meetings;
    private final Forwarding forwarding;

    ForwardedCall(
            String name,
            String summary,
            MeetingRegistry meetings,
            Forwarding forwarding,
            Method... methods) {
        super(name, summary, methods);
        this.meetings = meetings;
        this.forwarding = forwarding;
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        // BBB: a missing id is reported like an unknown one
        var meeting =
                call.params()
                        .filled("meetingID")
                        .flatMap(_ -> meetings.find(call.meetingKey()))
                        // A create opens a lost one elsewhere: to whoever asks, it is not there
                        // now.
                        .filter(found -> !meetings.mayReopen(found))
                        .orElseThrow(ApiFault::notFound);
        var reply = forwarding.ask(name(), call, meeting);
        return reply instanceof ServerReply.Success(var document)
                ? new Reply.Xml(document.bytes(), Reply.Caching.UNSAID)
                : Forwarding.pass(reply);
    }
}
