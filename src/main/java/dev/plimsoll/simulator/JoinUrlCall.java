// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.http.Response;

import java.util.Map;

/// `getJoinUrl`: a signed `join` for the same person on another device, or in place of this session.
record JoinUrlCall(Meetings meetings, Address address, Secret secret)
        implements SessionCalls.SessionCall {

    @Override
    public String name() {
        return "getJoinUrl";
    }

    @Override
    public Response answer(Incoming in) {
        var session = session(in).filter(known -> SessionCalls.isTheirs(known, in));
        if (session.isEmpty()) {
            // BBB: up to 3.0.18 the handler ends without an answer, so a view is looked for
            return Answers.page(404);
        }
        var body =
                Answers.fields(
                        "returncode",
                        "SUCCESS",
                        "message",
                        "Join URL provided successfully.",
                        "url",
                        url(session.get(), in.params()));
        return Response.of(200, Answers.JSON, Json.pretty(Map.of("response", body)))
                .with("Cache-Control", "no-cache");
    }

    private String url(Meetings.Session session, Params params) {
        var person = session.user().person;
        var query = new StringBuilder();
        // BBB: these two are encoded twice
        add(query, "fullName", Params.encode(person.name()));
        add(query, "meetingID", Params.encode(session.meeting().externalId));
        add(query, "role", person.role().bbbName);
        add(query, "redirect", "true");
        add(query, "existingUserID", person.id());
        if (MeetingPlan.truth(params, "replaceSession")) {
            add(query, "replaceSessionToken", params.get("sessionToken", ""));
        }
        for (var param : params) {
            if (param.name().equals("sessionName")
                    || param.name().equals("enforceLayout")
                    || param.name().startsWith("userdata-")) {
                add(query, param.name(), param.value());
            }
        }
        // BBB: the query begins with an ampersand, which counts, and is always signed with SHA-1
        return address.url()
                + "/bigbluebutton/api/join?"
                + Checksum.signed(Checksum.Algorithm.SHA1, "join", query.toString(), secret);
    }

    private static void add(StringBuilder query, String name, String value) {
        query.append('&').append(Params.encode(name)).append('=').append(Params.encode(value));
    }
}
