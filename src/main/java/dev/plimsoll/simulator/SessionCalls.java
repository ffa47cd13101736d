// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Response;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The calls that the user's own client makes: a session token stands in for the checksum.
final class SessionCalls {

    private SessionCalls() {}

    /// What these calls have in common.
    interface SessionCall extends ApiCall {

        Meetings meetings();

        @Override
        default Response respond(Incoming in, Signature signature) {
            return answer(in);
        }

        default Optional<Meetings.Session> session(Incoming in) {
            return meetings().session(in.params().get("sessionToken", ""));
        }
    }

    /// Whether the browser's cookie belongs to the session, or the meeting does not care.
    static boolean isTheirs(Meetings.Session session, Incoming in) {
        return MeetingPlan.truth(session.meeting().plan.params(), "allowRequestsWithoutSession")
                || in.sessionCookie().filter(session.cookie()::equals).isPresent();
    }

    private static Response json(Map<String, Object> body) {
        return Response.of(200, Answers.JSON, Json.pretty(body)).with("Cache-Control", "no-cache");
    }

    /// `learningDashboard`: who does what in the meeting, for its moderators.
    record LearningDashboard(Meetings meetings) implements SessionCall {

        @Override
        public String name() {
            return "learningDashboard";
        }

        @Override
        public Response answer(Incoming in) {
            String token = in.params().get("sessionToken", "");
            var found = session(in);
            return found.map(session -> problem(session, in))
                    .orElse(Optional.of("Invalid session token"))
                    .map(problem ->
                            respond(
                                    "returncode",
                                    "FAILED",
                                    "message",
                                    problem,
                                    "sessionToken",
                                    token))
                    .orElseGet(() ->
                            respond(
                                    "returncode",
                                    "SUCCESS",
                                    "data",
                                    Json.compact(data(found.orElseThrow().meeting())),
                                    "sessionToken",
                                    token));
        }

        private static Response respond(Object... fields) {
            return json(Map.of("response", Answers.fields(fields)));
        }

        private static Optional<String> problem(Meetings.Session session, Incoming in) {
            if (!isTheirs(session, in)) {
                return Optional.of("Invalid Session");
            }
            if (session.user().person.role() != Role.MODERATOR) {
                return Optional.of("Access denied");
            }
            return session.meeting().plan.disabledFeatures().contains("learningDashboard")
                    ? Optional.of("Learning Dashboard disabled for this meeting")
                    : Optional.empty();
        }

        private static Map<String, Object> data(Meeting meeting) {
            var users = Answers.fields();
            for (var visitor : meeting.visitors.values()) {
                users.put(
                        visitor.person().id(),
                        Answers.fields(
                                "extId",
                                visitor.person().externalId(),
                                "name",
                                visitor.person().name(),
                                "isModerator",
                                visitor.person().role() == Role.MODERATOR));
            }
            return Answers.fields(
                    "intId",
                    meeting.internalId,
                    "extId",
                    meeting.externalId,
                    "name",
                    meeting.plan.name(),
                    "users",
                    users,
                    "createdOn",
                    meeting.createTime,
                    "endedOn",
                    0);
        }
    }

    /// `stuns`: how the client finds its way through firewalls. There is no media here, so no servers either.
    record Stuns(Meetings meetings, Address address) implements SessionCall {

        @Override
        public String name() {
            return "stuns";
        }

        @Override
        public Response answer(Incoming in) {
            return json(
                    session(in).isEmpty()
                            ? Answers.fields(
                                    "returncode",
                                    "FAILED",
                                    "message",
                                    "Could not find conference.",
                                    "logoutURL",
                                    address.url())
                            : Answers.fields(
                                    "stunServers",
                                    List.of(Map.of("url", "stun:stun.example.org")),
                                    "turnServers",
                                    List.of(),
                                    "remoteIceCandidates",
                                    List.of()));
        }
    }

    /// `feedback`: what a person says of the meeting; kept nowhere.
    // BBB: current releases take it in beside bbb-web, and what they answer nobody reads
    record Feedback(Meetings meetings) implements SessionCall {

        @Override
        public String name() {
            return "feedback";
        }

        @Override
        public Set<String> methods() {
            return Set.of("POST");
        }

        @Override
        public Response answer(Incoming in) {
            return session(in).isEmpty()
                    ? Answers.page(404)
                    : json(Map.of("response", Answers.fields("returncode", "SUCCESS")));
        }
    }

    /// `signOut`: the client goes. Always succeeds.
    record SignOut(Meetings meetings) implements SessionCall {

        @Override
        public String name() {
            return "signOut";
        }

        @Override
        public Response answer(Incoming in) {
            session(in)
                    .ifPresent(session -> {
                        session.meeting().leave(session.user(), meetings.now());
                        meetings.forget(in.params().get("sessionToken", ""));
                    });
            return Answers.freshXml(XmlWriting.success().end());
        }
    }
}
