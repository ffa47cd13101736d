// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a meeting is created: remembered, so that it can be opened once more on another server.
///
/// @param params of the query, without checksum, in the caller's own encoding
/// @param body as the caller posted it: slides, or a form without its checksum
public record Recipe(Params params, Optional<ServerCall.Body> body) {

    private static final List<String> MADE_UP = List.of("attendeePW", "moderatorPW");
    private static final String DURATION = "duration";
    private static final String FORM = "application/x-www-form-urlencoded";

    /// The same with what the server made up when it first answered: links made then carry the passwords.
    ///
    /// @param answer to the first create, word for word; empty text when it is not known
    Recipe completedBy(String answer) {
        var said = said();
        var whole = params;
        for (String name : MADE_UP) {
            if (said.filled(name).isEmpty()) {
                var made = element(answer).map(root -> root.textOf(name)).orElse("");
                whole = made.isEmpty() ? whole : whole.with(name, made);
            }
        }
        return new Recipe(whole, body);
    }

    /// The same for a meeting that so many people are in already; for placing it only.
    Recipe expecting(int people) {
        return new Recipe(
                params.with("meta_bbb-meeting-size-hint", Integer.toString(people)), body);
    }

    /// The same for a meeting that may not last longer than that: BigBlueButton's `duration`, in minutes, if the caller
    /// wants no less.
    Recipe within(Duration maxAge) {
        long most = maxAge.plusMinutes(1).minusMillis(1).toMinutes();
        if (most == 0) {
            return this;
        }
        long wished = minutes(said().get(DURATION, ""));
        if (wished > 0 && wished <= most) {
            return this;
        }
        var form =
                body.filter(Recipe::isForm)
                        .map(posted ->
                                new ServerCall.Body(
                                        posted.contentType(),
                                        fields(posted)
                                                .without(DURATION)
                                                .query()
                                                .getBytes(StandardCharsets.UTF_8)));
        return new Recipe(params.with(DURATION, Long.toString(most)), form.or(() -> body));
    }

    private static long minutes(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0; // BBB: what it cannot read means no end
        }
    }

    private static Optional<Element> element(String answer) {
        try {
            return answer.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            XmlReading.parse(
                                    answer.getBytes(StandardCharsets.UTF_8), XmlLimits.BODY));
        } catch (MalformedXml e) {
            return Optional.empty(); // it was read before it was kept; a damaged one adds nothing
        }
    }

    /// All that the caller said: the query, then the fields of a posted form.
    public Params said() {
        return body.filter(Recipe::isForm).map(posted -> params.and(fields(posted))).orElse(params);
    }

    private static boolean isForm(ServerCall.Body posted) {
        return posted.contentType().startsWith(FORM);
    }

    private static Params fields(ServerCall.Body form) {
        return Params.parse(new String(form.bytes(), StandardCharsets.UTF_8));
    }
}
