// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.gateway.ApiCall.Call;
import dev.plimsoll.http.Request;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.WayBack;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/// The cookie by which a browser can join a meeting once more after it was moved: one for each meeting, readable for us
/// alone, and sent nowhere but to `rejoin`.
final class JoinCookie {

    /// Browsers keep 4096 bytes of a cookie, its name and attributes included.
    private static final int LONGEST = 3800;

    private static final String SCOPE =
            "; Path=/bigbluebutton/api/rejoin; Max-Age="
                    + WayBack.LASTS.toSeconds()
                    // Lax: the browser comes from a server's page, which is another site
                    + "; HttpOnly; SameSite=Lax";

    private final WayBack wayBack;

    JoinCookie(WayBack wayBack) {
        this.wayBack = wayBack;
    }

    /// The reply with the cookie; without it when it would be too long, and that person must join from the frontend.
    Reply remembering(Reply reply, Call call, Meeting meeting) {
        if (!wayBack.isWanted()) {
            return reply;
        }
        String value = wayBack.remember(meeting.key(), call.params());
        boolean secure = call.request().publicUrl().startsWith("https:");
        return value.length() > LONGEST
                ? reply
                : new Reply.WithCookie(
                        reply,
                        name(meeting.key()) + "=" + value + SCOPE + (secure ? "; Secure" : ""));
    }

    /// The join that this browser made into the meeting.
    Optional<Params> join(Request request, Meeting.Key key) {
        String name = name(key);
        for (String pair : request.header("Cookie").orElse("").split(";")) {
            var parts = pair.strip().split("=", 2);
            if (parts.length == 2 && parts[0].equals(name)) {
                return wayBack.remembered(key, parts[1]);
            }
        }
        return Optional.empty();
    }

    private static String name(Meeting.Key key) {
        var crc = new CRC32();
        crc.update(key.scopedId().getBytes(StandardCharsets.UTF_8));
        return "plimsoll-" + HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
