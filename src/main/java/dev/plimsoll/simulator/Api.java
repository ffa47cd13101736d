// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Everything below `/bigbluebutton`: routes, checks the checksum, then the parameters, then answers.
final class Api implements Handler {

    private final SimulatorSettings settings;
    private final Meetings meetings;
    private final RootDocument root;
    private final Map<String, ApiCall> calls;

    Api(SimulatorSettings settings, Meetings meetings, RootDocument root, List<ApiCall> calls) {
        this.settings = settings;
        this.meetings = meetings;
        this.root = root;
        this.calls =
                calls.stream()
                        .collect(Collectors.toUnmodifiableMap(ApiCall::name, Function.identity()));
    }

    @Override
    public String path() {
        return "/bigbluebutton";
    }

    @Override
    public Response handle(Request request) {
        String name = callName(request.path());
        if (name.equals("root")) {
            return root.answer(request);
        }
        if (request.path().equals("/bigbluebutton/rtt-check")) {
            String now = Long.toString(meetings.exclusively(meetings::now));
            return Response.of(200, "text/plain", "").with("X-Server-Epoch-Msec", now);
        }
        var call = calls.get(name);
        if (call == null) {
            return Answers.page(404);
        }
        if (!call.methods().contains(request.method())) {
            return Answers.page(405);
        }
        var in = Incoming.read(request);
        var unsigned = checksumViolation(call, in);
        return meetings.exclusively(() -> answer(call, in, unsigned));
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Answers.page(status);
    }

    /// The name under which a request is counted and hit by faults.
    String countedName(String path) {
        String name = callName(path);
        return name.equals("root") || calls.containsKey(name) ? name : "unknown";
    }

    /// The call a path names: `root` for the API's root, empty text for what is no call.
    private static String callName(String path) {
        return switch (path) {
            case "/bigbluebutton", "/bigbluebutton/", "/bigbluebutton/api", "/bigbluebutton/api/" ->
                    "root";
            default ->
                    path.startsWith("/bigbluebutton/api/")
                            ? path.substring("/bigbluebutton/api/".length())
                            : "";
        };
    }

    private static Response answer(ApiCall call, Incoming in, Optional<Violation> unsigned) {
        if (unsigned.isPresent()) {
            return call.refuse(in, unsigned.get());
        }
        if (call.breaksOn(in)) {
            return Answers.page(500);
        }
        var violations = new Violations();
        if (in.body().length > 0 && in.contentType().filter(call.bodyTypes()::contains).isEmpty()) {
            violations.add(
                    "unsupportedContentType",
                    "POST request Content-Type is missing or unsupported");
        }
        call.validate(in, violations);
        return violations
                .first()
                .map(violation -> call.refuse(in, violation))
                .orElseGet(() -> call.answer(in));
    }

    private Optional<Violation> checksumViolation(ApiCall call, Incoming in) {
        String checksum = in.params().get("checksum", "");
        if (checksum.isEmpty()) {
            return Optional.of(new Violation("checksumError", "You must provide the checksum"));
        }
        String query = Checksum.cut(in.query(), checksum);
        return Checksum.matches(
                        checksum,
                        call.name(),
                        query,
                        List.of(settings.secret()),
                        settings.algorithms())
                ? Optional.empty()
                : Optional.of(new Violation("checksumError", "Checksums do not match"));
    }
}
