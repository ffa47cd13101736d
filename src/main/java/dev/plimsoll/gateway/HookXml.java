// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.callback.EventKind;
import dev.plimsoll.callback.Hook;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the documents of bbb-webhooks: each on one line, in no template of bbb-web's. Pure.
final class HookXml {

    private HookXml() {}

    static byte[] created(Hook hook) {
        return success(
                leaf("hookID", hook.id())
                        + leaf("permanentHook", "false")
                        + leaf("rawData", isRaw(hook)));
    }

    static byte[] duplicate(Hook hook) {
        return success(
                leaf("hookID", hook.id())
                        + leaf("messageKey", "duplicateWarning")
                        + leaf("message", "There is already a hook for this callback URL."));
    }

    static byte[] removed() {
        return success(leaf("removed", "true"));
    }

    static byte[] list(List<Hook> hooks) {
        var xml = new StringBuilder("<hooks>");
        for (Hook hook : hooks) {
            var wish = hook.wish();
            xml.append("<hook>").append(leaf("hookID", hook.id()));
            xml.append(element("callbackURL", cdata(wish.callbackUrl())));
            wish.meetingId().ifPresent(id -> xml.append(element("meetingID", cdata(id))));
            if (!wish.eventIds().isEmpty()) {
                xml.append(leaf("eventID", String.join(",", wish.eventIds())));
            }
            xml.append(leaf("permanentHook", "false")).append(leaf("rawData", isRaw(hook)));
            xml.append("</hook>");
        }
        return success(xml.append("</hooks>").toString());
    }

    static byte[] failed(ApiFault fault) {
        return response(
                leaf("returncode", "FAILED")
                        + leaf("messageKey", fault.messageKey())
                        + leaf("message", fault.text()));
    }

    private static String isRaw(Hook hook) {
        return hook.wish().kind() == EventKind.RAW ? "true" : "false";
    }

    private static byte[] success(String content) {
        return response(leaf("returncode", "SUCCESS") + content);
    }

    private static byte[] response(String content) {
        return element("response", content).getBytes(StandardCharsets.UTF_8);
    }

    private static String leaf(String name, String text) {
        String escaped =
                writable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return element(name, escaped);
    }

    private static String element(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    private static String cdata(String text) {
        return "<![CDATA[" + writable(text).replace("]]>", "]]]]><![CDATA[>") + "]]>";
    }

    /// Without what XML cannot carry.
    private static String writable(String text) {
        return text.codePoints()
                .filter(c -> c == '\t' || c == '\n' || c >= ' ')
                .filter(c -> c != 0xFFFE && c != 0xFFFF && !(c >= 0xD800 && c <= 0xDFFF))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
