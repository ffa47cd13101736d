// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// `join`: reserves a place for a user and sends the browser to the client page, whose visit takes it.
record JoinCall(Meetings meetings, Chance chance, Address address) implements ApiCall {

    /// Which role the caller gets, or why none.
    private sealed interface RoleChoice {
        record Granted(Role role) implements RoleChoice {}

        record Denied(String message) implements RoleChoice {}
    }

    @Override
    public String name() {
        return "join";
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET");
    }

    @Override
    public boolean breaksOn(Incoming in) {
        return in.params().find("fullName").isEmpty();
    }

    @Override
    public void validate(Incoming in, Violations violations) {
        if (in.clean("fullName").filter(String::isEmpty).isPresent()) {
            violations.add("missingParamFullName", "You must provide your name");
        }
        violations.meetingId(in);
        violations.password(in, "password");
        violations.bool(in, "guest", "Guest");
        violations.bool(in, "auth", "Auth");
        violations.integer(in, "createTime", "Value must be an integral number");
        if (in.clean("meetingID").flatMap(meetings::find).isEmpty()) {
            // BBB: one finding, three violations; the first of them wins in the hash map
            violations.add(
                    "meetingForciblyEnded",
                    "You can not join a meeting that has already been forcibly ended");
            violations.add(
                    "invalidMeetingIdentifier",
                    "The meeting ID that you supplied did not match any meetings");
            violations.add("invalidPassword", "Invalid password");
        }
    }

    /// BBB: wrong parameters redirect even with `redirect=false`, which is read later.
    @Override
    public Response refuse(Incoming in, Violation violation) {
        return ErrorRedirect.of(in, violation, address.url());
    }

    @Override
    public Response answer(Incoming in) {
        var meeting = meetings.find(in.clean("meetingID").orElse("")).orElseThrow();
        String createTime = in.params().get("createTime", "").strip();
        if (!createTime.isEmpty() && Long.parseLong(createTime) != meeting.createTime) {
            return refuseLate(
                    in,
                    new Violation(
                            "mismatchCreateTimeParam",
                            "The createTime parameter submitted mismatches with the current meeting."));
        }
        return switch (role(in.params(), meeting.plan)) {
            // BBB: an XML document even with redirect, under a key with a blank
            case RoleChoice.Denied(var message) ->
                    Answers.failed(in, new Violation("Params required", message));
            case RoleChoice.Granted(var role) -> admit(in, meeting, role);
        };
    }

    private static RoleChoice role(Params params, MeetingPlan plan) {
        String role = params.get("role", "").toUpperCase(Locale.ROOT);
        if (role.equals("MODERATOR") || role.equals("VIEWER")) {
            return new RoleChoice.Granted(Role.valueOf(role));
        }
        String password = params.get("password", "");
        if (password.isEmpty()) {
            return new RoleChoice.Denied(
                    "You must either send the valid role of the user, or the password, sould the meeting has one.");
        }
        if (password.equals(plan.moderatorPassword())) {
            return new RoleChoice.Granted(Role.MODERATOR);
        }
        return password.equals(plan.attendeePassword())
                ? new RoleChoice.Granted(Role.VIEWER)
                : new RoleChoice.Denied("You must enter a valid password");
    }

    private Response admit(Incoming in, Meeting meeting, Role role) {
        var person = person(in.params(), meeting.plan, role);
        if (isFull(meeting, person) && !MeetingPlan.truth(in.params(), "bot")) {
            return refuseLate(
                    in,
                    new Violation(
                            "maxParticipantsReached",
                            "The number of participants allowed for this meeting has been reached."));
        }
        if (person.guestStatus().equals("DENY")) {
            return refuseLate(
                    in,
                    new Violation(
                            "guestDeniedAccess",
                            "You have been denied access to this meeting based on the meeting's guest policy"));
        }
        String token = chance.token(16);
        meetings.reserve(token, meeting, new User(person, meetings.now()));
        return welcome(in, meeting, person, token);
    }

    private User.Person person(Params params, MeetingPlan plan, Role role) {
        String id = "w_" + chance.token(12);
        Map<String, String> customData = new LinkedHashMap<>();
        for (var param : params) {
            if (param.name().startsWith("userdata-")) {
                // BBB: nobody checks that this makes a legal element name
                customData.putIfAbsent(param.name().substring("userdata-".length()), param.value());
            }
        }
        return new User.Person(
                id,
                params.filled("userID").orElse(id),
                params.get("fullName", "").strip(),
                role,
                GuestPolicy.decide(plan.guestPolicy(), role, params),
                customData);
    }

    private static boolean isFull(Meeting meeting, User.Person person) {
        var known =
                meeting.users().stream()
                        .map(user -> user.person.externalId())
                        .collect(Collectors.toSet());
        long limit = meeting.plan.maxUsers();
        return limit > 0 && known.size() >= limit && !known.contains(person.externalId());
    }

    private static boolean wantsRedirect(Incoming in) {
        return in.params().find("redirect").map("true"::equalsIgnoreCase).orElse(true);
    }

    private Response refuseLate(Incoming in, Violation violation) {
        return wantsRedirect(in) ? refuse(in, violation) : Answers.failed(in, violation);
    }

    private Response welcome(Incoming in, Meeting meeting, User.Person person, String token) {
        String wait = in.params().filled("enforceLayout").map(_ -> "waitLayout=1&").orElse("");
        String url = address.url() + "/html5client/?" + wait + "sessionToken=" + token;
        var answer =
                wantsRedirect(in)
                        ? Response.redirect(url)
                        : Answers.freshXml(
                                XmlWriting.success()
                                        .leaf("messageKey", "successfullyJoined")
                                        .leaf("message", "You have joined successfully.")
                                        .leaf("meeting_id", meeting.internalId)
                                        .leaf("user_id", person.id())
                                        .leaf("auth_token", chance.token(12))
                                        .leaf("session_token", token)
                                        .leaf("guestStatus", person.guestStatus())
                                        .leaf("url", url)
                                        .end());
        return answer.with(
                "Set-Cookie",
                "JSESSIONID=" + chance.hex(32) + "; Path=/bigbluebutton; Secure; HttpOnly");
    }
}
