// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static dev.plimsoll.gateway.ApiCall.Method.GET;
import static dev.plimsoll.gateway.ApiCall.Method.POST;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.callback.Webhooks;
import dev.plimsoll.meeting.MeetingCreation;
import dev.plimsoll.meeting.MeetingMoves;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.meeting.WayBack;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.recording.RecordingPool;
import dev.plimsoll.telemetry.Metrics;

import java.util.List;

/// The table of calls: the whole BigBlueButton API that we speak, one line each.
public final class Calls {

    private static final String ON_THE_SERVER =
            "it belongs to a session, which lives on the server that a person was sent to.";

    /// Sessions remembered, of some 200 bytes each.
    private static final int SESSIONS = 20_000;

    private final List<ApiCall> all;

    public Calls(
            MeetingRegistry meetings,
            MeetingCreation creation,
            MeetingMoves moves,
            WayBack wayBack,
            ServerPool pool,
            RecordingPool recordings,
            Webhooks webhooks,
            BbbClient bbb,
            GatewaySettings settings,
            Metrics metrics) {
        var forwarding = new Forwarding(meetings, pool, bbb);
        var sessions = new Sessions(SESSIONS);
        var cookies = new JoinCookie(wayBack);
        var join = new JoinCall(meetings, creation, pool, forwarding, sessions, cookies, settings);
        all =
                List.of(
                        new CreateCall(creation, wayBack, settings.xml()),
                        join,
                        new RejoinCall(meetings, wayBack, cookies, join),
                        new MoveCall(meetings, moves),
                        new GetStatisticsCall(meetings, pool),
                        new IsMeetingRunningCall(meetings, pool, forwarding),
                        new EndCall(meetings, forwarding),
                        new ForwardedCall(
                                "getMeetingInfo",
                                "Tells everything about one meeting.",
                                meetings,
                                forwarding,
                                GET,
                                POST),
                        new GetMeetingsCall(meetings, pool, bbb, settings, metrics),
                        new InsertDocumentCall(meetings, forwarding, settings.maxBody()),
                        new SendChatMessageCall(meetings, forwarding),
                        new GetSessionsCall(pool, bbb, settings),
                        new GetRecordingsCall(recordings),
                        new ChangeRecordingsCall(
                                "publishRecordings",
                                "Shows recordings, or hides them.",
                                recordings,
                                GET),
                        new ChangeRecordingsCall(
                                "deleteRecordings", "Deletes recordings.", recordings, GET),
                        new ChangeRecordingsCall(
                                "updateRecordings",
                                "Changes metadata of recordings.",
                                recordings,
                                GET,
                                POST),
                        new TextTracksCall(
                                "getRecordingTextTracks",
                                "Lists a recording's captions.",
                                recordings,
                                GET,
                                POST),
                        new TextTracksCall(
                                "putRecordingTextTrack",
                                "Adds captions to a recording.",
                                recordings,
                                POST),
                        new CreateHookCall(webhooks),
                        new ListHooksCall(webhooks.hooks()),
                        new DestroyHookCall(webhooks.hooks()),
                        new PingHooksCall(),
                        new UnsupportedCall("getJoinUrl", ON_THE_SERVER),
                        SessionCall.learningDashboard(pool, bbb, sessions),
                        SessionCall.feedback(pool, bbb, sessions),
                        new UnsupportedCall("stuns", ON_THE_SERVER),
                        new UnsupportedCall("signOut", ON_THE_SERVER),
                        new UnsupportedCall("guestWait", ON_THE_SERVER),
                        new UnsupportedCall("enter", ON_THE_SERVER));
    }

    /// The API page of the reference; a test compares it with the page that is checked in.
    public String page() {
        return CallsPage.of(all);
    }

    List<ApiCall> all() {
        return all;
    }
}
