// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The calls of bbb-webhooks, `hooks/create` and so on. BBB: only GET, every document on one line.
final class HookCalls implements Handler {

    private static final Set<String> CALLS = Set.of("create", "destroy", "list", "ping");

    private final SimulatorSettings settings;
    private final Webhooks webhooks;

    HookCalls(SimulatorSettings settings, Webhooks webhooks) {
        this.settings = settings;
        this.webhooks = webhooks;
    }

    @Override
    public String path() {
        return "/bigbluebutton/api/hooks";
    }

    private String callOf(String requestPath) {
        return requestPath.substring(path().length()).replaceAll("^/|/$", "");
    }

    /// The name under which a request is counted and hit by faults.
    String countedName(String requestPath) {
        String call = callOf(requestPath);
        return CALLS.contains(call) ? "hooks/" + call : "unknown";
    }

    @Override
    public Response handle(Request request) {
        String call = callOf(request.path());
        boolean get = request.method().equals("GET") || request.method().equals("HEAD");
        if (!webhooks.installed() || !CALLS.contains(call) || !get) {
            return Answers.page(404);
        }
        if (call.equals("ping")) {
            return Response.of(200, "text/html; charset=utf-8", "bbb-webhooks API up!");
        }
        var params = Params.parse(request.query());
        String checksum = params.get("checksum", "");
        if (!checksum.isEmpty() && Checksum.Algorithm.ofHexLength(checksum.length()).isEmpty()) {
            return Answers.page(500); // BBB: throws on a length that is no digest's
        }
        if (!isSigned(call, request.query(), checksum)) {
            return failed("checksumError", "You did not pass the checksum security check.");
        }
        return switch (call) {
            case "create" -> create(params);
            case "destroy" -> destroy(params);
            default -> list(params.filled("meetingID"));
        };
    }

    // BBB: case counts here, other than in bbb-web
    private boolean isSigned(String call, String query, String checksum) {
        return checksum.equals(checksum.toLowerCase(Locale.ROOT))
                && Checksum.matches(
                        checksum,
                        "hooks/" + call,
                        Checksum.cut(query, checksum),
                        List.of(settings.secret()),
                        settings.algorithms());
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Answers.page(status);
    }

    private Response create(Params params) {
        String url = params.get("callbackURL", "");
        if (url.isEmpty()) {
            return failed(
                    "missingParamCallbackURL", "You must specify a callbackURL in the parameters.");
        }
        String raw = params.filled("getRaw").orElse("false");
        if (!raw.equals("true") && !raw.equals("false")) {
            return Answers.page(500); // BBB: parses it as JSON without care
        }
        var events =
                Arrays.stream(params.get("eventID", "").toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .filter(id -> !id.isEmpty())
                        .toList();
        var registered =
                webhooks.register(
                        new Hook.Wish(url, params.filled("meetingID"), events, raw.equals("true")));
        String id = "<hookID>" + registered.hook().id + "</hookID>";
        return switch (registered.age()) {
            case NEW ->
                    success(
                            id
                                    + "<permanentHook>false</permanentHook><rawData>"
                                    + raw
                                    + "</rawData>");
            case OLD ->
                    success(
                            id
                                    + "<messageKey>duplicateWarning</messageKey><message>There is already a hook"
                                    + " for this callback URL.</message>");
        };
    }

    private Response destroy(Params params) {
        String id = params.get("hookID", "");
        if (id.isEmpty()) {
            return failed("missingParamHookID", "You must specify a hookID in the parameters.");
        }
        return webhooks.remove(id)
                ? success("<removed>true</removed>")
                : failed("destroyMissingHook", "The hook informed was not found.");
    }

    private Response list(Optional<String> meetingId) {
        var chosen = new ArrayList<Hook>();
        for (Hook hook : webhooks.all()) {
            if (meetingId.isEmpty() || hook.wish.meetingId().isEmpty()) {
                chosen.add(hook);
            }
        }
        if (meetingId.isPresent()) {
            var own =
                    webhooks.all().stream()
                            .filter(hook -> hook.wish.meetingId().equals(meetingId))
                            .toList();
            if (own.isEmpty()) { // BBB: runs into a null
                return failed(
                        "listHookError",
                        "An error happened while listing registered hooks. Check the logs.");
            }
            chosen.addAll(own);
        }
        var xml = new StringBuilder("<hooks>");
        chosen.forEach(hook -> describe(xml, hook));
        return success(xml.append("</hooks>").toString());
    }

    private static void describe(StringBuilder xml, Hook hook) {
        var wish = hook.wish;
        xml.append("<hook><hookID>").append(hook.id).append("</hookID><callbackURL>");
        xml.append(cdata(wish.callbackUrl())).append("</callbackURL>");
        wish.meetingId()
                .ifPresent(
                        id -> xml.append("<meetingID>").append(cdata(id)).append("</meetingID>"));
        if (!wish.eventIds().isEmpty()) {
            String ids = RecordingXml.escape(String.join(",", wish.eventIds()));
            xml.append("<eventID>").append(ids).append("</eventID>");
        }
        xml.append("<permanentHook>false</permanentHook><rawData>");
        xml.append(wish.raw()).append("</rawData></hook>");
    }

    private static String cdata(String text) {
        return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>";
    }

    private static Response success(String content) {
        return xml("<response><returncode>SUCCESS</returncode>" + content + "</response>");
    }

    private static Response failed(String key, String message) {
        return xml(
                "<response><returncode>FAILED</returncode><messageKey>%s</messageKey><message>%s</message></response>"
                        .formatted(key, message));
    }

    private static Response xml(String document) {
        return Response.of(200, "text/xml", document);
    }
}
