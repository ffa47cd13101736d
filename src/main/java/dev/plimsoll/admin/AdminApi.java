// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.MoveWish;
import dev.plimsoll.adminapi.Problem;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.adminapi.SyncWish;
import dev.plimsoll.config.Secret;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The admin API over HTTP: checks the token, finds the route, turns results and problems into JSON.
public final class AdminApi implements Handler {

    private static final int MAX_BODY = 100_000;

    private final Secret token;
    private final ServerAdmin servers;
    private final MeetingAdmin meetings;
    private final EventAdmin events;
    private final JsonMapper json =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .build();

    public AdminApi(Secret token, ServerAdmin servers, MeetingAdmin meetings, EventAdmin events) {
        this.token = token;
        this.servers = servers;
        this.meetings = meetings;
        this.events = events;
    }

    @Override
    public String path() {
        return "/api";
    }

    @Override
    public Response handle(Request request) throws InterruptedException {
        try {
            requireToken(request);
            return answer(request);
        } catch (DatabaseAway e) {
            return problem(AdminProblem.away().problem());
        } catch (AdminProblem problem) {
            var response = problem(problem.problem());
            return response.status() == 401
                    ? response.with("WWW-Authenticate", "Bearer")
                    : response;
        }
    }

    @Override
    public Response refused(int status, String key, String message) {
        return problem(new Problem(key, "Refused", status, message));
    }

    private Response answer(Request request) throws InterruptedException {
        for (AdminRoutes route : AdminRoutes.values()) {
            var id = route.match(request.method(), request.rawPath());
            if (id.isPresent()) {
                if (route == AdminRoutes.EVENTS && EventAdmin.isStream(request)) {
                    return events.stream(request);
                }
                int status = route == AdminRoutes.SERVERS_ADD ? 201 : 200;
                return Response.of(
                        status,
                        "application/json",
                        json.writeValueAsBytes(run(route, id.get(), request)));
            }
        }
        var methods =
                Stream.of(AdminRoutes.values())
                        .filter(route -> route.match(route.method(), request.rawPath()).isPresent())
                        .map(AdminRoutes::method)
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (methods.isEmpty()) {
            throw AdminProblem.notFound("there is no " + request.path() + " in the admin API");
        }
        return problem(AdminProblem.wrongMethod(methods).problem()).with("Allow", methods);
    }

    private Object run(AdminRoutes route, String id, Request request) throws InterruptedException {
        return switch (route) {
            case STATUS -> servers.status();
            case SERVERS_LIST -> servers.list();
            case SERVERS_ADD -> servers.add(wish(request));
            case SERVERS_SHOW -> servers.show(id);
            case SERVERS_SET -> servers.set(id, wish(request));
            case SERVERS_REMOVE -> servers.remove(id);
            case SERVERS_ENABLE -> servers.enable(id);
            case SERVERS_CORDON -> servers.cordon(id);
            case SERVERS_DRAIN -> servers.drain(id);
            case SERVERS_DISABLE -> servers.disable(id);
            case SERVERS_PANIC -> servers.panic(id);
            case SERVERS_REMOVE_BY_FORCE -> servers.removeByForce(id);
            case SERVERS_POLL -> servers.poll(id);
            case SERVERS_SYNC -> servers.sync(body(request, SyncWish.class, NOT_A_SYNC));
            case EVENTS -> events.list(request);
            case MEETINGS_LIST -> meetings.list();
            case MEETINGS_SHOW -> meetings.show(id);
            case MEETINGS_END -> meetings.end(id);
            case MEETINGS_MOVE -> meetings.move(id, body(request, MoveWish.class, NOT_A_MOVE));
        };
    }

    private ServerWish wish(Request request) {
        return body(request, ServerWish.class, NOT_A_WISH);
    }

    private <T> T body(Request request, Class<T> type, String expected) {
        try {
            T body = json.readValue(request.body(MAX_BODY), type);
            if (body == null) { // that is what JSON's null is read as
                throw AdminProblem.invalid(expected);
            }
            return body;
        } catch (JacksonException e) {
            // The parser's own message may quote the body, and so a secret.
            throw AdminProblem.invalid(expected);
        }
    }

    private static final String NOT_A_WISH =
            "the body must be JSON with id, url, secret, weight, tags, checksum, maxUsers, maxMeetings, maxPerMinute"
                    + " and enable, as needed";
    private static final String NOT_A_MOVE =
            "the body must be JSON with to, the id of a server, or {} for the best one";
    private static final String NOT_A_SYNC =
            "the body must be JSON with servers, a list of objects with url and secret, and dryRun";

    private void requireToken(Request request) {
        String given = request.header("Authorization").orElse("");
        boolean fits =
                given.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())
                        && token.matches(given.substring("Bearer ".length()).strip());
        if (!fits) {
            throw AdminProblem.unauthorized();
        }
    }

    private Response problem(Problem problem) {
        return Response.of(
                problem.status(), "application/problem+json", json.writeValueAsBytes(problem));
    }
}
