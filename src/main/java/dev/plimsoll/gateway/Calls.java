// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static dev.plimsoll.gateway.ApiCall.Method.GET;
import static dev.plimsoll.gateway.ApiCall.Method.POST;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.meeting.MeetingCreation;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;

import java.util.List;

/// The table of calls: the whole BigBlueButton API that we speak, one line each.
public final class Calls {

    private final List<ApiCall> all;

    public Calls(
            MeetingRegistry meetings,
            MeetingCreation creation,
            ServerPool pool,
            BbbClient bbb,
            GatewaySettings settings,
            Metrics metrics) {
        var forwarding = new Forwarding(meetings, pool, bbb);
        all =
                List.of(
                        new CreateCall(creation),
                        new JoinCall(meetings, pool, forwarding),
                        new IsMeetingRunningCall(meetings, pool, forwarding),
                        new EndCall(meetings, forwarding),
                        new ForwardedCall(
                                "getMeetingInfo",
                                "Tells everything about one meeting.",
                                meetings,
                                forwarding,
                                GET,
                                POST),
                        new GetMeetingsCall(meetings, pool, bbb, settings, metrics));
    }

    List<ApiCall> all() {
        return all;
    }
}
