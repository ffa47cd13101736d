// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.callback.Hooks;

import java.util.List;

/// `hooks/destroy`: takes a webhook away with all that it had to say.
final class DestroyHookCall extends HookCall {

    private final Hooks hooks;

    DestroyHookCall(Hooks hooks) {
        super("hooks/destroy", "Removes a webhook.");
        this.hooks = hooks;
    }

    @Override
    public List<String> errors() {
        return List.of("missingParamHookID", "destroyMissingHook");
    }

    @Override
    public Reply handle(Call call) {
        String id =
                call.params()
                        .filled("hookID")
                        .orElseThrow(() ->
                                new ApiFault(
                                        "missingParamHookID",
                                        "You must specify a hookID in the parameters."));
        if (!hooks.destroy(call.tenant().id(), id)) {
            throw new ApiFault("destroyMissingHook", "The hook informed was not found.");
        }
        return reply(HookXml.removed());
    }
}
