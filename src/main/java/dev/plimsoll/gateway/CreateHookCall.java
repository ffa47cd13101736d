// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.callback.EventKind;
import dev.plimsoll.callback.Hook;
import dev.plimsoll.callback.HookCreation;
import dev.plimsoll.callback.Webhooks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// `hooks/create`: a frontend wants to be told of events, of all servers or of one meeting.
final class CreateHookCall extends HookCall {

    private final Webhooks webhooks;

    CreateHookCall(Webhooks webhooks) {
        super("hooks/create", "Registers a webhook.");
        this.webhooks = webhooks;
    }

    @Override
    public List<String> errors() {
        return List.of("missingParamCallbackURL", "createHookError");
    }

    @Override
    public String rewrites() {
        return "servers get an address of ours, and their events are signed anew for the frontend";
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var params = call.params();
        String url =
                params.filled("callbackURL")
                        .orElseThrow(() ->
                                new ApiFault(
                                        "missingParamCallbackURL",
                                        "You must specify a callbackURL in the parameters."));
        var wish =
                new Hook.Wish(
                        call.tenant().id(),
                        url,
                        params.filled("meetingID"),
                        eventIds(params),
                        kind(params));
        return switch (webhooks.create(wish)) {
            case HookCreation.Made(Hook hook) -> reply(HookXml.created(hook));
            case HookCreation.Duplicate(Hook hook) -> reply(HookXml.duplicate(hook));
            case HookCreation.Refused(String reason) -> throw refused(reason);
        };
    }

    private static List<String> eventIds(Params params) {
        return Arrays.stream(params.get("eventID", "").toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
    }

    // BBB: parses it as JSON, and fails on what is none
    private static EventKind kind(Params params) {
        return switch (params.filled("getRaw").orElse("false")) {
            case "true" -> EventKind.RAW;
            case "false" -> EventKind.MAPPED;
            default -> throw refused("getRaw must be true or false");
        };
    }

    private static ApiFault refused(String reason) {
        return new ApiFault(
                "createHookError", "An error happened while creating your hook. " + reason + ".");
    }
}
