// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
        if (request.method().equals("OPTIONS")) {
            return Response.of(204, "", "").with("Allow", allowed(call));
        }
        // A look at the headers is a GET whose body stays behind.
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        if (!call.methods().contains(method)) {
            return Answers.page(405).with("Allow", allowed(call));
        }
        var in = Incoming.read(request);
        var signature = signature(call, in);
        return meetings.exclusively(() -> call.respond(in, signature));
    }

    private static String allowed(ApiCall call) {
        var methods = new TreeSet<>(call.methods());
        methods.add("OPTIONS");
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
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
                            ? path.substring("/bigbluebutton/api/".length()).replaceFirst("/$", "")
                            : "";
        };
    }

    private Signature signature(ApiCall call, Incoming in) {
        String checksum = in.params().get("checksum", "");
        if (checksum.isEmpty()) {
            return Signature.MISSING;
        }
        String query = Checksum.cut(in.query(), checksum);
        return Checksum.matches(
                        checksum,
                        call.name(),
                        query,
                        List.of(settings.secret()),
                        settings.algorithms())
                ? Signature.GOOD
                : Signature.WRONG;
    }
}
