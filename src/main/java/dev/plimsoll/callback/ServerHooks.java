// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.RawReply;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.pool.Server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What we ask of the bbb-webhooks of a server. Blocks; thread-safe.
final class ServerHooks {

    private final BbbClient bbb;

    ServerHooks(BbbClient bbb) {
        this.bbb = bbb;
    }

    /// What came back.
    sealed interface Answer<T> {

        record Given<T>(T value) implements Answer<T> {}

        /// The server has no bbb-webhooks.
        record Absent<T>() implements Answer<T> {}

        /// @param reason in an operator's words
        record Failed<T>(String reason) implements Answer<T> {}
    }

    /// Our hooks on a server.
    ///
    /// @param ours those with the addresses that we use now, and their ids
    /// @param stale ids of those with addresses that we gave it earlier
    record Listing(Map<Registration, String> ours, List<String> stale) {}

    /// Lists our hooks; others' are left alone.
    Answer<Listing> list(Server server, String base, String token) {
        return switch (ask(server, ServerCall.read("hooks/list", Params.NONE))) {
            case Answer.Given<Element>(Element root)
                    when root.textOf("returncode").equals("SUCCESS") ->
                    new Answer.Given<>(listing(root, base, token));
            case Answer.Given<Element>(Element root) -> refused(root);
            case Answer.Absent<Element>() -> new Answer.Absent<>();
            case Answer.Failed<Element>(String reason) -> new Answer.Failed<>(reason);
        };
    }

    private static Listing listing(Element root, String base, String token) {
        var ours = new LinkedHashMap<Registration, String>();
        var stale = new ArrayList<String>();
        for (Element hook : root.child("hooks").map(Element::children).orElse(List.of())) {
            String url = hook.textOf("callbackURL");
            if (!url.contains(HookAddress.mark(token))) {
                continue;
            }
            var kind = hook.flagOf("rawData") ? EventKind.RAW : EventKind.MAPPED;
            var registration =
                    new Registration(kind, hook.child("meetingID").map(Element::text).orElse(""));
            if (url.equals(base + HookAddress.path(token, registration))
                    && hook.textOf("eventID").isEmpty()) {
                ours.put(registration, hook.textOf("hookID"));
            } else {
                stale.add(hook.textOf("hookID"));
            }
        }
        return new Listing(ours, stale);
    }

    /// Makes a hook, or finds it; its id.
    Answer<String> create(Server server, String address, Registration registration) {
        var params = Params.of("callbackURL", address);
        if (!registration.meetingId().isEmpty()) {
            params = params.with("meetingID", registration.meetingId());
        }
        if (registration.kind() == EventKind.RAW) {
            params = params.with("getRaw", "true");
        }
        return switch (ask(server, ServerCall.act("hooks/create", params, Optional.empty()))) {
            case Answer.Given<Element>(Element root) when !root.textOf("hookID").isEmpty() ->
                    new Answer.Given<>(root.textOf("hookID"));
            case Answer.Given<Element>(Element root) -> refused(root);
            case Answer.Absent<Element>() -> new Answer.Absent<>();
            case Answer.Failed<Element>(String reason) -> new Answer.Failed<>(reason);
        };
    }

    /// Takes a hook away; one that is gone already is no failure.
    Answer<Boolean> destroy(Server server, String hookId) {
        var call = ServerCall.act("hooks/destroy", Params.of("hookID", hookId), Optional.empty());
        return switch (ask(server, call)) {
            case Answer.Given<Element>(Element root)
                    when root.textOf("messageKey").equals("checksumError") ->
                    refused(root);
            case Answer.Given<Element> _ -> new Answer.Given<>(true);
            case Answer.Absent<Element>() -> new Answer.Absent<>();
            case Answer.Failed<Element>(String reason) -> new Answer.Failed<>(reason);
        };
    }

    private static <T> Answer<T> refused(Element root) {
        String key = root.textOf("messageKey");
        return new Answer.Failed<>(
                key.equals("checksumError")
                        ? "refuses our secret for webhooks"
                        : "refuses a call about webhooks");
    }

    /// Where the package is missing, BigBlueButton's own 404 answers, or a page of the web server.
    private Answer<Element> ask(Server server, ServerCall call) {
        return switch (bbb.raw(server.endpoint(), call, bbb.settings().answer())) {
            case RawReply.Answered(int status, _, byte[] body) when status == 200 -> parse(body);
            case RawReply.Answered(int status, _, _) when status == 404 -> new Answer.Absent<>();
            case RawReply.Answered(int status, _, _) ->
                    new Answer.Failed<>("answers HTTP " + status);
            case RawReply.Failed(Failure failure, _) -> new Answer.Failed<>(failure.reason());
        };
    }

    private static Answer<Element> parse(byte[] body) {
        try {
            var root = XmlReading.parse(body, XmlLimits.ANSWER);
            return root.name().equals("response")
                    ? new Answer.Given<>(root)
                    : new Answer.Absent<>();
        } catch (MalformedXml e) {
            return new Answer.Absent<>();
        }
    }
}
