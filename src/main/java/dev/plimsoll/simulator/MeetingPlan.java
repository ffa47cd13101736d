// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a `create` call asked for, with BigBlueButton's defaults filled in.
///
/// @param duration in minutes; 0 = without end
/// @param unjoinedMinutes how long the meeting waits for its first user
/// @param emptyMinutes how long it stays after its last user has left
/// @param documents the presentations given with the call, by URL or name
/// @param params everything that was sent, for tests to look at; never logged
record MeetingPlan(
        String meetingId,
        String name,
        String attendeePassword,
        String moderatorPassword,
        String voiceBridge,
        String webVoice,
        String dialNumber,
        long duration,
        long maxUsers,
        boolean record,
        boolean recordsFromStart,
        String guestPolicy,
        long unjoinedMinutes,
        long emptyMinutes,
        String logoutUrl,
        Set<String> disabledFeatures,
        Map<String, String> metadata,
        Optional<Breakout> breakout,
        List<String> documents,
        Params params) {

    /// What makes a meeting a breakout room.
    record Breakout(String parentInternalId, long sequence, boolean freeJoin) {}

    private static final Pattern META = Pattern.compile("meta_[a-zA-Z][a-zA-Z0-9-]*");

    static MeetingPlan of(
            Params params, Optional<Breakout> breakout, List<String> documents, Chance chance) {
        String voiceBridge = params.filled("voiceBridge").orElseGet(chance::voiceBridge);
        boolean record = truth(params, "record");
        return new MeetingPlan(
                params.get("meetingID", ""),
                params.get("name", ""),
                params.filled("attendeePW").orElseGet(() -> chance.mixed(8)),
                params.filled("moderatorPW").orElseGet(() -> chance.mixed(8)),
                voiceBridge,
                params.filled("webVoice").orElse(voiceBridge),
                params.filled("dialNumber").orElse("613-555-1234"),
                number(params, "duration", 0),
                number(params, "maxParticipants", 0),
                record,
                record && truth(params, "autoStartRecording"),
                params.filled("guestPolicy").orElse("ALWAYS_ACCEPT"),
                number(params, "meetingExpireIfNoUserJoinedInMinutes", 5),
                number(params, "meetingExpireWhenLastUserLeftInMinutes", 1),
                params.get("logoutURL", ""),
                Arrays.stream(params.get("disabledFeatures", "").split(","))
                        .map(String::strip)
                        .collect(Collectors.toUnmodifiableSet()),
                metadata(params),
                breakout,
                documents,
                params.without("checksum"));
    }

    // BBB: a boolean parameter that is no boolean counts as false
    static boolean truth(Params params, String name) {
        return params.get(name, "").equalsIgnoreCase("true");
    }

    // BBB: a number that cannot be read is silently replaced by the default
    private static long number(Params params, String name, int fallback) {
        try {
            return Integer.parseInt(params.get(name, ""));
        } catch (NumberFormatException e) {
            return fallback;
        }
    }

    private static Map<String, String> metadata(Params params) {
        // BBB: reported in the order of a hash map
        var metadata = new HashMap<String, String>();
        for (var param : params) {
            if (META.matcher(param.name()).matches()) {
                metadata.putIfAbsent(
                        param.name().substring("meta_".length()).toLowerCase(Locale.ROOT),
                        param.value());
            }
        }
        return metadata;
    }
}
