// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

/// A failure that a frontend should read: becomes a `FAILED` document with this key. Frontends match on the keys,
/// so they are spelled as BigBlueButton spells them, or Scalelite where BigBlueButton has none.
final class ApiFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    static final String CHECKSUM_ERROR = "checksumError";
    static final String NOT_FOUND = "notFound";
    static final String MEETING_FORCIBLY_ENDED = "meetingForciblyEnded";
    static final String SERVER_UNAVAILABLE = "serverUnavailable";
    static final String INTERNAL_ERROR = "internalError";
    static final String UNSUPPORTED_REQUEST = "unsupportedRequest";
    static final String UNSUPPORTED_CONTENT_TYPE = "unsupportedContentType";
    static final String NO_JOIN_COOKIE = "noJoinCookie";
    static final String SAME_SERVER = "sameServer";
    static final String MISSING_MEETING_ID = "missingParamMeetingID";

    private final String messageKey;

    ApiFault(String messageKey, String message) {
        super(message, null, false, false);
        this.messageKey = messageKey;
    }

    String messageKey() {
        return messageKey;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    static ApiFault checksum() {
        return new ApiFault(CHECKSUM_ERROR, "Checksums do not match");
    }

    // BBB: the recording calls have a text of their own
    static ApiFault recordingChecksum() {
        return new ApiFault(CHECKSUM_ERROR, "You did not pass the checksum security check");
    }

    // BBB: and so have the calls about webhooks
    static ApiFault hookChecksum() {
        return new ApiFault(CHECKSUM_ERROR, "You did not pass the checksum security check.");
    }

    static ApiFault notFound() {
        return new ApiFault(NOT_FOUND, "A meeting with that ID does not exist");
    }

    static ApiFault missingMeetingId() {
        return new ApiFault(MISSING_MEETING_ID, "You must specify a meeting ID for the meeting.");
    }

    static ApiFault unsupported() {
        return new ApiFault(UNSUPPORTED_REQUEST, "This request is not supported.");
    }

    static ApiFault contentType() {
        return new ApiFault(
                UNSUPPORTED_CONTENT_TYPE, "POST request Content-Type is missing or unsupported");
    }

    /// More than the process has memory for.
    static ApiFault listTooLong() {
        return new ApiFault(
                SERVER_UNAVAILABLE, "There are more meetings than can be listed at one time.");
    }

    static ApiFault serverSilent() {
        return new ApiFault(
                SERVER_UNAVAILABLE,
                "The server for this meeting does not answer. Please try again in a moment.");
    }
}
