// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// [Control] and [Faults] over HTTP, below `/simulator`, in JSON. Whoever reaches the port may use it, so a simulator
/// listens on this machine only unless told otherwise.
///
/// | Request | Does |
/// |---|---|
/// | `GET /simulator/state` | shows meetings, people, faults, and how often each call was made |
/// | `GET /simulator/faults` | shows the faults in force |
/// | `POST /simulator/faults` `{"faults": ["create=drop*2", "delay:2s"]}` | adds faults, see [FaultRule] |
/// | `DELETE /simulator/faults` | ends all faults, releases what hangs |
/// | `POST /simulator/meetings/lose` | forgets all meetings, as a crash does |
/// | `POST /simulator/meetings/{id}/users` `{"count": 3, "role": "moderator", "camera": true, "microphone": true, "listening": false}` | lets people enter |
/// | `DELETE /simulator/meetings/{id}/users?count=2` | lets people go; all without a count |
/// | `POST /simulator/meetings/{id}/recording` `{"on": true}` | begins or ceases to record it |
/// | `DELETE /simulator/meetings/{id}` | ends a meeting at once, with its callbacks |
/// | `GET /simulator/recordings` | shows all recordings |
/// | `POST /simulator/recordings` `{"meetingId": "room-1", "name": "Algebra", "recordId": "…", "start": "2026-03-03T14:05:09Z", "minutes": 60, "participants": 4, "state": "published", "formats": ["presentation", "video"], "metadata": {"topic": "Sets"}, "tracks": [{"lang": "en", "label": "English"}]}` | lays one down; all but the meeting may be left out |
/// | `POST /simulator/recordings/{id}/ready` | tells again that it is ready |
/// | `DELETE /simulator/recordings/{id}` | erases it |
/// | `GET /simulator/hooks` | shows the webhooks |
/// | `DELETE /simulator/hooks` | forgets all webhooks, as a reinstallation does |
/// | `POST /simulator/hooks/remove`, `…/install` | takes bbb-webhooks off the server, or puts it there |
final class ControlHandler implements Handler {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BODY_LIMIT = 100_000;

    private final SimulatedServer server;
    private final RecordingControl others;

    ControlHandler(SimulatedServer server, RecordingControl others) {
        this.server = server;
        this.others = others;
    }

    @Override
    public String path() {
        return "/simulator";
    }

    @Override
    public Response handle(Request request) {
        var parts = Arrays.asList(request.path().substring(path().length()).split("/", -1));
        String route = request.method() + " " + (parts.size() > 1 ? parts.get(1) : "");
        try {
            return switch (route) {
                case "GET state" -> json(200, state());
                case "GET faults" -> json(200, faults());
                case "POST faults" -> addFaults(request);
                case "DELETE faults" -> {
                    server.faults().clear();
                    yield json(200, faults());
                }
                case "POST meetings", "DELETE meetings" -> meetings(request, parts);
                case "GET recordings", "POST recordings", "DELETE recordings" ->
                        found(others.recordings(request.method(), below(parts), body(request)));
                case "GET hooks", "POST hooks", "DELETE hooks" ->
                        found(others.hooks(request.method(), below(parts)));
                default -> notFound();
            };
        } catch (JacksonException e) {
            return refused(400, "badRequest", "The body is not the JSON expected here.");
        } catch (IllegalArgumentException e) {
            return refused(
                    400,
                    "badRequest",
                    Objects.requireNonNullElse(e.getMessage(), "This cannot be."));
        }
    }

    @Override
    public Response refused(int status, String key, String message) {
        return json(status, Map.of("key", key, "message", message));
    }

    private static Response json(int status, Object value) {
        return Response.of(status, "application/json", JSON.writeValueAsBytes(value))
                .with("Cache-Control", "no-store");
    }

    private Response notFound() {
        return refused(404, "notFound", "There is nothing here.");
    }

    private Response found(Optional<Object> answer) {
        return answer.map(value -> json(200, value)).orElseGet(this::notFound);
    }

    private static List<String> below(List<String> parts) {
        return parts.subList(2, parts.size());
    }

    private Map<String, Object> faults() {
        return Map.of("faults", server.faults().list().stream().map(FaultRule::text).toList());
    }

    private Map<String, Object> state() {
        return Map.of(
                "name", server.settings().name(),
                "api", server.api().toString(),
                "faults", server.faults().list().stream().map(FaultRule::text).toList(),
                "calls", server.control().calls(),
                "callbacksWaiting", server.control().callbacks().size(),
                "meetings",
                        server.control().meetings().stream()
                                .map(ControlHandler::describe)
                                .toList());
    }

    private static Map<String, Object> describe(MeetingSnapshot meeting) {
        return Map.of(
                "meetingId", meeting.meetingId(),
                "internalId", meeting.internalId(),
                "name", meeting.name(),
                "created", meeting.created().toString(),
                "running", meeting.running(),
                "documents", meeting.documents(),
                "people", meeting.people());
    }

    private Response addFaults(Request request) {
        var rules =
                body(request)
                        .path("faults")
                        .valueStream()
                        .map(JsonNode::asString)
                        .map(FaultRule::parse)
                        .toList();
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("write {\"faults\": [\"create=drop*2\"]}");
        }
        rules.forEach(server.faults()::add);
        return json(200, faults());
    }

    private Response meetings(Request request, List<String> parts) {
        if (request.method().equals("POST") && parts.size() == 3 && parts.get(2).equals("lose")) {
            server.control().loseMeetings();
            return json(200, Map.of("meetings", 0));
        }
        if (parts.size() < 3
                || parts.get(2).isEmpty()
                || server.control().meeting(parts.get(2)).isEmpty()) {
            return notFound();
        }
        String id = parts.get(2);
        return switch (request.method() + " " + String.join("/", parts.subList(3, parts.size()))) {
            case "POST users" ->
                    json(200, Map.of("users", server.control().connect(id, people(body(request)))));
            case "DELETE users" -> leave(request, id);
            case "POST recording" -> record(request, id);
            case "DELETE " -> {
                server.control().endMeeting(id);
                yield json(200, Map.of());
            }
            default -> notFound();
        };
    }

    private Response leave(Request request, String id) {
        String count = Params.parse(request.query()).get("count", "");
        server.control()
                .leave(id, count.matches("\\d{1,9}") ? Integer.parseInt(count) : Integer.MAX_VALUE);
        return json(200, Map.of());
    }

    private Response record(Request request, String id) {
        if (body(request).path("on").asBoolean(true)) {
            server.control().startRecording(id);
        } else {
            server.control().stopRecording(id);
        }
        return json(200, Map.of());
    }

    private static People people(JsonNode body) {
        return new People(
                count(body.path("count")),
                role(body.path("role").asString("viewer")),
                body.path("camera").asBoolean(false),
                body.path("microphone").asBoolean(false),
                body.path("listening").asBoolean(false));
    }

    private static int count(JsonNode count) {
        if (!count.isMissingNode() && !count.isInt()) {
            throw new IllegalArgumentException("count is a whole number");
        }
        return count.asInt(1);
    }

    private static Role role(String name) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("role is moderator, viewer or phone"));
    }

    private static JsonNode body(Request request) {
        byte[] body = request.body(BODY_LIMIT);
        return JSON.readTree(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body);
    }
}
