// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

/// `hooks/ping`: whether webhooks work at all.
final class PingHooksCall extends HookCall {

    PingHooksCall() {
        super("hooks/ping", "Says that webhooks work; needs no checksum.");
    }

    @Override
    public boolean isSigned() {
        return false;
    }

    @Override
    public Source answeredFrom() {
        return Source.MEMORY;
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Reply handle(Call call) {
        return new Reply.Text("bbb-webhooks API up!");
    }
}
