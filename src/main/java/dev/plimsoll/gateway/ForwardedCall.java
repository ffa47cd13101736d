// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.meeting.MeetingRegistry;

import java.util.Set;

/// A question about one meeting that only its server can answer.
final class ForwardedCall implements ApiCall {

    private final String name;
    private final String summary;
    private final MeetingRegistry meetings;
    private final Forwarding forwarding;
    private final Set<Method> methods;

    ForwardedCall(
            String name,
            String summary,
            MeetingRegistry meetings,
            Forwarding forwarding,
            Method... methods) {
        this.name = name;
        this.summary = summary;
        this.meetings = meetings;
        this.forwarding = forwarding;
        this.methods = Set.of(methods);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public Set<Method> methods() {
        return methods;
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
                        .orElseThrow(ApiFault::notFound);
        var reply = forwarding.ask(name, call, meeting);
        return reply instanceof ServerReply.Success(var document)
                ? new Reply.Xml(document.bytes(), Reply.Caching.UNSAID)
                : Forwarding.pass(reply);
    }
}
