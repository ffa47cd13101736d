// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.callback.Hooks;

/// `hooks/list`: the tenant's webhooks; with a meeting, those that hear of it.
// BBB: 3.5.0 fails when the meeting has no hook of its own; older ones list the others, as we do
final class ListHooksCall extends HookCall {

    private final Hooks hooks;

    ListHooksCall(Hooks hooks) {
        super("hooks/list", "Lists webhooks.");
        this.hooks = hooks;
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Reply handle(Call call) {
        return reply(
                HookXml.list(hooks.list(call.tenant().id(), call.params().filled("meetingID"))));
    }
}
