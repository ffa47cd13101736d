// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import java.util.List;

/// What the calls about webhooks have in common: bbb-webhooks takes only GET, and words its answers in its own way.
abstract class HookCall extends NamedCall {

    HookCall(String name, String summary) {
        super(name, summary, Method.GET);
    }

    @Override
    public Source answeredFrom() {
        return Source.DATABASE;
    }

    @Override
    public List<String> errors() {
        return List.of();
    }

    @Override
    public final ApiFault wrongChecksum() {
        return ApiFault.hookChecksum();
    }

    @Override
    public final byte[] failed(ApiFault fault) {
        return HookXml.failed(fault);
    }

    static Reply reply(byte[] document) {
        return new Reply.Xml(document, Reply.Caching.UNSAID);
    }
}
