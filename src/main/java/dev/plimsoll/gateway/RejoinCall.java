// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.meeting.WayBack;
import dev.plimsoll.pages.Notice;
import dev.plimsoll.pages.Pages;

import java.util.List;
import java.util.Optional;

/// `rejoin`: where BigBlueButton sends a browser when a meeting has ended for it. Leads back into the meeting if it was
/// moved or opened elsewhere meanwhile, and else to where the frontend wanted the browser to go.
///
/// Needs no checksum: the address is sealed, and what it leads to was in a signed create.
final class RejoinCall extends NamedCall {

    private final MeetingRegistry meetings;
    private final WayBack wayBack;
    private final JoinCookie cookies;
    private final JoinCall join;

    RejoinCall(MeetingRegistry meetings, WayBack wayBack, JoinCookie cookies, JoinCall join) {
        super(
                "rejoin",
                "Leads a browser back into a meeting that was moved, or to its logoutURL.",
                Method.GET);
        this.meetings = meetings;
        this.wayBack = wayBack;
        this.cookies = cookies;
        this.join = join;
    }

    @Override
    public boolean isSigned() {
        return false;
    }

    @Override
    public Source answeredFrom() {
        return Source.DATABASE;
    }

    @Override
    public List<String> errors() {
        return List.of(ApiFault.NOT_FOUND, ApiFault.NO_JOIN_COOKIE, "those of `join`");
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var origin =
                call.params()
                        .filled("meeting")
                        .flatMap(wayBack::origin)
                        .orElseThrow(ApiFault::notFound);
        var carried = cookies.join(call.request(), origin.key());
        if (!wasMoved(origin)) {
            return away(call, origin, carried.orElse(Params.NONE));
        }
        var params =
                carried.orElseThrow(() ->
                        new ApiFault(
                                ApiFault.NO_JOIN_COOKIE,
                                "Your meeting was moved, but we couldn't find your join cookie. Please join again."));
        return join.handle(
                new Call(call.tenant(), params, params, Optional.empty(), call.request()));
    }

    /// Asks the database: memory may be a moment late, and a browser that is sent away does not come again.
    private boolean wasMoved(WayBack.Origin origin) {
        return meetings.registered(origin.key())
                .filter(meeting -> isElsewhere(meeting, origin.run()))
                .isPresent();
    }

    private static boolean isElsewhere(Meeting meeting, String run) {
        return !meeting.claimId().equals(run) && meeting.continues(run);
    }

    private static Reply away(Call call, WayBack.Origin origin, Params join) {
        // BBB: these three are filled in when somebody joins
        String target =
                origin.logoutUrl()
                        .replace("%%MEETINGID%%", encode(origin.key().meetingId()))
                        .replace("%%USERID%%", encode(join.get("userID", "")))
                        .replace("%%USERNAME%%", encode(join.get("fullName", "")));
        return ErrorRedirect.web(target)
                .<Reply>map(Reply.Redirect::new)
                .orElseGet(() -> new Reply.Page(Pages.notice(call.request(), Notice.LEFT)));
    }

    /// So that it means the same in a path and in a query.
    private static String encode(String text) {
        return Params.encode(text).replace("+", "%20");
    }
}
