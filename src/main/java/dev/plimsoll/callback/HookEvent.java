// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.tenant.TenantId;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// One event as a server tells it. `toString` shows nothing that it says of people.
///
/// @param id such as `user-joined`, in lower case; a raw message's name
/// @param meetingId under which the server knows the meeting; empty text when the event does not say
/// @param internalId the server's own id of the meeting; empty text when the event does not say
/// @param parentId the internal id of the meeting whose breakout room began; empty text in all other events
/// @param text the JSON array as the server wrote it
record HookEvent(
        EventKind kind,
        String id,
        String meetingId,
        String internalId,
        String parentId,
        String text) {

    /// Reads what a server posted: a JSON array of one event, or of several.
    ///
    /// @param externalId the id by which a frontend knows a meeting, from the server's own
    /// @return empty when it is none
    static Optional<List<HookEvent>> read(
            EventKind kind, String text, Function<String, Optional<String>> externalId) {
        try {
            var array = JsonMapper.shared().readTree(text);
            if (!array.isArray() || array.isEmpty()) {
                return Optional.empty();
            }
            var events = new ArrayList<HookEvent>();
            for (JsonNode node : array) {
                // Word for word if possible: numbers and escapes have more than one form.
                String own = array.size() == 1 ? text : "[" + node + "]";
                events.add(
                        switch (kind) {
                            case MAPPED -> mapped(node, own, externalId);
                            case RAW -> raw(node, own, externalId);
                        });
            }
            return Optional.of(events);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static HookEvent mapped(
            JsonNode node, String text, Function<String, Optional<String>> externalId) {
        var data = node.path("data");
        var meeting = data.path("attributes").path("meeting");
        String internal = string(meeting.path("internal-meeting-id"));
        return new HookEvent(
                EventKind.MAPPED,
                string(data.path("id")).toLowerCase(Locale.ROOT),
                first(string(meeting.path("external-meeting-id")), internal, externalId),
                internal,
                meeting.path("is-breakout").asBoolean(false)
                        ? string(meeting.path("parent-id"))
                        : "",
                text);
    }

    private static HookEvent raw(
            JsonNode node, String text, Function<String, Optional<String>> externalId) {
        var header = node.path("core").path("header");
        var body = node.path("core").path("body");
        var payload = node.path("payload");
        var created = body.path("props").path("meetingProp");
        String internal = "";
        for (JsonNode place :
                List.of(
                        header.path("meetingId"),
                        node.path("envelope").path("routing").path("meetingId"),
                        created.path("intId"),
                        body.path("meetingId"),
                        body.path("recordId"),
                        payload.path("meeting_id"))) {
            internal = internal.isEmpty() ? string(place) : internal;
        }
        String external =
                string(created.path("extId")) + string(payload.path("external_meeting_id"));
        return new HookEvent(
                EventKind.RAW,
                string(header.path("name")),
                first(external, internal, externalId),
                internal,
                created.path("isBreakout").asBoolean(false)
                        ? string(body.path("props").path("breakoutProps").path("parentId"))
                        : "",
                text);
    }

    private static String first(
            String external, String internal, Function<String, Optional<String>> externalId) {
        return external.isEmpty() && !internal.isEmpty()
                ? externalId.apply(internal).orElse("")
                : external;
    }

    private static String string(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }

    /// Whether it says that its meeting is over.
    boolean endsMeeting() {
        return switch (kind) {
            case MAPPED -> id.equals("meeting-ended");
            case RAW -> id.equals("MeetingDestroyedEvtMsg");
        };
    }

    /// As a tenant is told it: with the meeting's id as the tenant gave it, wherever a value is exactly the one that
    /// the server knows, and word for word else.
    String textFor(TenantId tenant) {
        String prefix = new Meeting.Key(tenant, "").scopedId();
        return prefix.isEmpty() || !meetingId.startsWith(prefix)
                ? text
                : JsonStrings.replace(text, meetingId, meetingId.substring(prefix.length()));
    }

    /// The same for each time that the event is told, by whatever hook of the server: events hold their time.
    String digest() {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return kind + " event " + id;
    }
}
