// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a page has to tell. Each has a title, a text and an advice in every language.
public enum Notice {
    /// Nothing is wrong: somebody looks at the balancer itself.
    WELCOME,
    /// There is no such meeting.
    ENDED,
    /// The link names nobody.
    NAMELESS,
    /// The link is damaged.
    DAMAGED,
    /// The link carries neither a role nor a password that is right.
    NOT_ENTITLED,
    /// The link was made for an earlier meeting of the same name.
    OUTDATED,
    /// Nobody else may come in.
    FULL,
    /// The hosts let no guests in.
    DENIED,
    /// The person has left, or the meeting is over, and nobody said where to go then.
    LEFT,
    /// The meeting was moved, and the browser does not say who it is.
    MOVED,
    /// The meeting is being created; the page tries again by itself.
    OPENING,
    /// The meeting's server is away; the page tries again by itself.
    AWAY,
    /// The meeting's server does not answer, and it is no use to wait here.
    SILENT,
    /// A defect of ours.
    BROKEN,
    /// There is no such page.
    NOWHERE,
    /// Something we have no words for.
    UNKNOWN;

    /// By the key of an error, as BigBlueButton spells it.
    private static final Map<String, Notice> BY_KEY =
            Map.ofEntries(
                    Map.entry("meetingForciblyEnded", ENDED),
                    Map.entry("notFound", ENDED),
                    Map.entry("invalidMeetingIdentifier", ENDED),
                    Map.entry("missingParamFullName", NAMELESS),
                    Map.entry("checksumError", DAMAGED),
                    Map.entry("validationError", DAMAGED),
                    Map.entry("sizeError", DAMAGED),
                    Map.entry("missingParamMeetingID", DAMAGED),
                    Map.entry("unsupportedRequest", DAMAGED),
                    Map.entry("requestTooLarge", DAMAGED),
                    Map.entry("Params required", NOT_ENTITLED),
                    Map.entry("invalidPassword", NOT_ENTITLED),
                    Map.entry("mismatchCreateTimeParam", OUTDATED),
                    Map.entry("maxParticipantsReached", FULL),
                    Map.entry("guestDeniedAccess", DENIED),
                    Map.entry("noJoinCookie", MOVED),
                    Map.entry("serverUnavailable", SILENT),
                    Map.entry("internalError", BROKEN));

    /// The notice for an error's key; a general one when it is none we know.
    public static Notice of(String key) {
        return known(key).orElse(UNKNOWN);
    }

    static Optional<Notice> known(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    /// Begins its keys in the language files.
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
