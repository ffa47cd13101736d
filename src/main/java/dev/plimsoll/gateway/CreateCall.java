// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;
import dev.plimsoll.meeting.CreateOutcome;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingCreation;
import dev.plimsoll.meeting.Recipe;
import dev.plimsoll.meeting.WayBack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `create`: opens the meeting on the server where it fits best, or asks the server where it runs.
final class CreateCall extends NamedCall {

    private final MeetingCreation creation;
    private final WayBack wayBack;
    private final XmlLimits limits;

    CreateCall(MeetingCreation creation, WayBack wayBack, XmlLimits limits) {
        super("create", "Opens a meeting, or confirms that it is open.", Method.GET, Method.POST);
        this.creation = creation;
        this.wayBack = wayBack;
        this.limits = limits;
    }

    @Override
    public Bodies bodies() {
        return Bodies.FORM_OR_XML;
    }

    @Override
    public String rewrites() {
        return "logoutURL leads through us, so that people follow a meeting that moves (`meeting.follow`)";
    }

    @Override
    public List<String> errors() {
        return List.of(
                "nullError",
                "emptyError",
                "sizeError",
                "validationError",
                "invalidXml",
                ApiFault.INTERNAL_ERROR);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        validate(call.params());
        requireReadableBody(call);
        wayBack.reachedAt(call.request().publicUrl());
        var key = new Meeting.Key(call.tenant().id(), call.params().get("meetingID", ""));
        return switch (creation.create(key, new Recipe(call.query(), call.body()))) {
            case CreateOutcome.Answered(var document) -> Reply.Xml.of(document);
            case CreateOutcome.NoServer _ ->
                    throw new ApiFault(
                            ApiFault.INTERNAL_ERROR, "Could not find any available servers.");
            case CreateOutcome.Failed(String reason) ->
                    throw new ApiFault(
                            ApiFault.INTERNAL_ERROR,
                            "Unable to create meeting on server: " + reason + ".");
        };
    }

    /// What would leave a useless claim behind if it only failed on the server. The rest is the server's to refuse.
    private static void validate(Params params) {
        Map<String, String> violations = new HashMap<>();
        String name = params.find("name").map(CreateCall::sanitised).orElse(null);
        if (name == null) {
            violations.put("nullError", "You must provide a meeting name");
        } else if (name.isEmpty()) {
            violations.put("emptyError", "You must provide a meeting name");
        } else if (name.length() < 2 || name.length() > 256) {
            violations.put("sizeError", "Meeting name must be between 2 and 256 characters");
        }
        String raw = params.find("meetingID").orElse(null);
        String id = raw == null ? null : sanitised(raw);
        if (id == null) {
            violations.put("validationError", "Invalid meeting ID");
        } else if (id.length() < 2 || id.length() > 256) {
            violations.put("sizeError", "Meeting ID must be between 2 and 256 characters");
        } else if (id.contains(",")) {
            violations.put("validationError", "Meeting ID cannot contain ','");
        } else if (!id.equals(raw)) {
            violations.put("validationError", "Invalid meeting ID");
        }
        // BBB: of several violations it reports the first in the order of a HashMap, and so do we
        violations.entrySet().stream()
                .findFirst()
                .ifPresent(first -> {
                    throw new ApiFault(first.getKey(), first.getValue());
                });
    }

    /// As BigBlueButton does before it looks: no control characters, no blanks at the ends.
    private static String sanitised(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> Character.getType(c) != Character.CONTROL)
                .forEach(clean::appendCodePoint);
        return clean.toString().trim();
    }

    /// A broken body would make the server answer 500, which looks like a broken server: told to the caller instead.
    private void requireReadableBody(Call call) {
        if (call.body().isEmpty()
                || !call.body()
                        .get()
                        .contentType()
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("xml")) {
            return;
        }
        try {
            XmlReading.parse(call.body().get().bytes(), limits);
        } catch (MalformedXml e) {
            var fault =
                    new ApiFault("invalidXml", "The body cannot be read: " + e.getMessage() + ".");
            throw e.isTooMuch() ? LimitMet.of("xml", fault) : fault;
        }
    }
}
