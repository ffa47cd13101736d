// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.util.Optional;
import java.util.regex.Pattern;

/// Lets a browser try again by itself, but not for ever.
///
/// The address of a join is signed, so that nothing can be counted in it; a cookie that lives for two minutes counts
/// instead. Whoever forges it only waits longer. A browser that keeps no cookies, as in the frame of another site,
/// would wait for ever: it is known by a page of ours having sent it here without one, and must try again by hand.
public final class WaitingRoom {

    private static final int PAUSE = 3;
    private static final int LIFE = 120;
    private static final String COOKIE = "plimsoll_waiting";
    private static final String ATTRIBUTES = "; Path=/bigbluebutton; HttpOnly; SameSite=Lax";
    private static final Pattern COUNT =
            Pattern.compile("(?:^|; *)" + COOKIE + "=([0-9a-f]{1,8})\\.(\\d{1,6})(?:;|$)");

    private final int tries;

    /// @param tries how often a browser may try again, each after three seconds
    public WaitingRoom(int tries) {
        this.tries = tries;
    }

    /// The page to wait on; none when the browser has waited long enough.
    ///
    /// @param meeting counted for this one alone
    public Optional<Response> admit(Request request, Notice why, String meeting) {
        String mark = Integer.toHexString(meeting.hashCode());
        String cookies = request.header("Cookie").orElse("");
        int tried = tried(cookies, mark);
        boolean uncounted = !counts(cookies) && isSentByUs(request);
        return tried >= tries || uncounted
                ? Optional.empty()
                : Optional.of(
                        Pages.retrying(request, why, PAUSE)
                                .with("Set-Cookie", cookie(request, mark + "." + (tried + 1))));
    }

    /// The page for who has waited long enough; whoever tries again from there may wait anew.
    public Response giveUp(Request request) {
        return Pages.again(request, Notice.SILENT).with("Set-Cookie", cookie(request, "0.0"));
    }

    static int tried(String cookies, String mark) {
        var count = COUNT.matcher(cookies);
        return count.find() && count.group(1).equals(mark) ? Integer.parseInt(count.group(2)) : 0;
    }

    private static boolean counts(String cookies) {
        return COUNT.matcher(cookies).find();
    }

    /// Browsers say so on https.
    private static boolean isSentByUs(Request request) {
        return request.header("Sec-Fetch-Site").filter("same-origin"::equals).isPresent();
    }

    private static String cookie(Request request, String value) {
        boolean secure = request.publicUrl().startsWith("https:");
        return COOKIE + "=" + value + "; Max-Age=" + LIFE + ATTRIBUTES + (secure ? "; Secure" : "");
    }
}
