// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingCreation;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pages.Notice;
import dev.plimsoll.pages.Pages;
import dev.plimsoll.pages.WaitingRoom;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `join`: sends the browser on to the server that runs the meeting. Nothing is proxied.
///
/// Answered from memory: no call to a server, no question to the database. Only `redirect=false` is forwarded, since
/// its caller wants the server's XML.
///
/// A lost meeting is opened elsewhere first, as it was created. A browser gets a page that tries again while a meeting
/// is being opened or cannot be; a program gets BigBlueButton's form of the error.
final class JoinCall extends NamedCall {

    /// Of programs, which cannot be shown a page.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final MeetingCreation creation;
    private final Forwarding forwarding;
    private final Sessions sessions;
    private final JoinCookie cookies;
    private final Duration patience;
    private final WaitingRoom waiting;

    JoinCall(
            MeetingRegistry meetings,
            MeetingCreation creation,
            ServerPool pool,
            Forwarding forwarding,
            Sessions sessions,
            JoinCookie cookies,
            GatewaySettings settings) {
        // BBB: 2.6.18, 2.7.8 and 3.0 take join by GET only
        super("join", "Sends a person into a meeting.", Method.GET);
        this.meetings = meetings;
        this.creation = creation;
        this.pool = pool;
        this.forwarding = forwarding;
        this.sessions = sessions;
        this.cookies = cookies;
        this.patience = settings.joinPatience();
        this.waiting = new WaitingRoom(settings.joinTries());
    }

    /// With redirect=false on the way, HEAD must not reach the server: see [#handle].
    @Override
    public boolean onlyReads() {
        return true;
    }

    // BBB: anything but `true`, in any case, is false
    static boolean redirects(Params params) {
        return params.get("redirect", "true").equalsIgnoreCase("true");
    }

    @Override
    public Source answeredFrom() {
        return Source.MEMORY;
    }

    @Override
    public String rewrites() {
        return "the answer is a redirect to the server's join; with redirect=false the server's XML";
    }

    @Override
    public List<String> errors() {
        return List.of(
                "missingParamFullName",
                ApiFault.MEETING_FORCIBLY_ENDED,
                ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        if (call.params().get("fullName", "").isBlank()) {
            return ErrorRedirect.to(call, "missingParamFullName", "You must provide your name");
        }
        boolean redirects = redirects(call.params());
        boolean person = redirects && Pages.isBrowser(call.request());
        var found = find(call, person ? patience : PATIENCE);
        if (found.isEmpty() || (!person && isBeingCreated(found.get()))) {
            return ErrorRedirect.to(
                    call,
                    ApiFault.MEETING_FORCIBLY_ENDED,
                    "You can not join a meeting that has already been forcibly ended");
        }
        var meeting = found.get();
        if (!meeting.isConfirmed()) {
            return person
                    ? wait(call, meeting, meeting.isLost() ? Notice.AWAY : Notice.OPENING)
                    : silent(call);
        }
        var server = pool.find(meeting.server());
        if (!server.map(Server::takesJoins).orElse(false)) {
            return person && server.map(JoinCall::mayComeBack).orElse(false)
                    ? wait(call, meeting, Notice.AWAY)
                    : silent(call);
        }
        if (person && !saysRole(call.params())) {
            return new Reply.Page(Pages.notice(call.request(), Notice.NOT_ENTITLED));
        }
        if (!redirects) {
            return forward(call, meeting);
        }
        var there =
                new Reply.Redirect(
                        server.orElseThrow()
                                .endpoint()
                                .signed(name(), query(call.params(), meeting)));
        return person ? cookies.remembering(there, call, meeting) : there;
    }

    /// The meeting, confirmed if it is in time.
    private Optional<Meeting> find(Call call, Duration within) throws InterruptedException {
        var found =
                call.params().filled("meetingID").flatMap(_ -> meetings.find(call.meetingKey()));
        if (found.isEmpty() || found.get().isConfirmed()) {
            return found;
        }
        if (found.get().isLost()) {
            if (!meetings.mayReopen(found.get()) || call.request().method().equals("HEAD")) {
                return found;
            }
            creation.reopen(found.get(), within);
            return meetings.find(call.meetingKey());
        }
        var confirmed = meetings.awaitConfirmed(found.get(), within);
        return confirmed.isPresent() ? confirmed : meetings.find(call.meetingKey());
    }

    private static boolean isBeingCreated(Meeting meeting) {
        return !meeting.isConfirmed() && !meeting.isLost();
    }

    private Reply forward(Call call, Meeting meeting) {
        if (call.request().method().equals("HEAD")) {
            throw ApiFault.unsupported(); // it would announce a person who does not come
        }
        var reply = forwarding.join(current(call.params(), meeting), meeting);
        if (reply instanceof ServerReply.Success(var document)) {
            sessions.opened(document.root().textOf("session_token"), meeting.server());
        }
        return passed(reply);
    }

    // BBB: validation errors are redirects even with redirect=false
    private static Reply passed(ServerReply reply) {
        return reply instanceof ServerReply.Redirected(String location)
                ? new Reply.Redirect(
                        ErrorRedirect.web(location).orElseThrow(ApiFault::serverSilent))
                : Forwarding.pass(reply);
    }

    /// Whoever has waited long enough is told so where BigBlueButton would tell it, else here, where the person can
    /// try again.
    private Reply wait(Call call, Meeting meeting, Notice why) {
        return waiting.admit(call.request(), why, meeting.key().scopedId())
                .<Reply>map(Reply.Page::new)
                .orElseGet(() ->
                        ErrorRedirect.namesTarget(call)
                                ? silent(call)
                                : new Reply.Page(waiting.giveUp(call.request())));
    }

    private static Reply silent(Call call) {
        var fault = ApiFault.serverSilent();
        return ErrorRedirect.to(call, fault.messageKey(), fault.text());
    }

    private static boolean mayComeBack(Server server) {
        return server.admission() != Admission.DISABLED;
    }

    // BBB: 2.5; without either, the server answers `Params required` in XML, even to a browser.
    // What
    // programs get, it says itself.
    private static boolean saysRole(Params params) {
        String role = params.get("role", "");
        return role.equalsIgnoreCase("MODERATOR")
                || role.equalsIgnoreCase("VIEWER")
                || params.filled("password").isPresent();
    }

    private static String query(Params params, Meeting meeting) {
        return Params.uriSafe(Forwarding.scoped(current(params, meeting), meeting).query());
    }

    /// Links may name the create time of a run that this one continues elsewhere.
    private static Params current(Params params, Meeting meeting) {
        if (meeting.formers().isEmpty()) {
            return params;
        }
        String named = params.get("createTime", "");
        return named.matches("[0-9]{1,18}") && meeting.continues(Long.parseLong(named))
                ? params.with("createTime", Long.toString(meeting.createTime()))
                : params;
    }
}
