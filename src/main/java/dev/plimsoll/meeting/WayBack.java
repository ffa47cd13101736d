// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.tenant.Seal;
import dev.plimsoll.tenant.TenantId;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How people follow a meeting that was moved, or opened elsewhere after its server was given up.
///
/// BigBlueButton sends a browser to the meeting's `logoutURL` when the meeting ends for it. That is always an address of
/// ours, which carries, sealed, which run of which meeting the browser comes from and what the frontend's own
/// `logoutURL` is. What is needed to join once more the browser carries in a cookie per meeting, sealed as well, for
/// hours at most. So nothing of it is kept here, and any instance can lead the way. Thread-safe.
public final class WayBack {

    /// How long a browser may follow; a meeting that lasts longer must be joined from the frontend again.
    public static final Duration LASTS = Duration.ofHours(12);

    private static final String LOGOUT = "logoutURL";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Seal seal;
    private final Clock clock;
    private final Optional<String> configured;
    private final boolean wanted;
    private volatile Optional<String> seen = Optional.empty();

    /// @param publicUrl how the world reaches us, if it is set
    public WayBack(MeetingSettings settings, Optional<URI> publicUrl, Seal seal, Clock clock) {
        this.wanted = settings.follow();
        this.configured = publicUrl.map(URI::toString);
        this.seal = seal;
        this.clock = clock;
    }

    /// Where a browser comes from.
    ///
    /// @param run of the meeting, by its claim id
    /// @param logoutUrl the frontend's own; empty text when it named none
    public record Origin(Meeting.Key key, String run, String logoutUrl) {}

    /// Notes how frontends reach us, for when that is not set: they give the same address to browsers.
    public void reachedAt(String publicUrl) {
        if (configured.isEmpty() && !seen.equals(Optional.of(publicUrl))) {
            seen = Optional.of(publicUrl);
        }
    }

    /// The recipe with our address in place of the frontend's own.
    Recipe lead(Recipe recipe, Meeting run) {
        var base = configured.or(() -> seen);
        if (!wanted || base.isEmpty()) {
            return recipe;
        }
        String own = recipe.said().get(LOGOUT, "");
        String text =
                String.join(
                        "\n",
                        run.key().tenant().value(),
                        run.key().meetingId(),
                        run.claimId(),
                        own);
        String address =
                base.get() + "/bigbluebutton/api/rejoin?meeting=" + seal.seal("origin", text);
        return new Recipe(
                recipe.params().with(LOGOUT, address), recipe.body().map(WayBack::withoutLogout));
    }

    /// A form may name it as well, and BigBlueButton takes either.
    private static ServerCall.Body withoutLogout(ServerCall.Body body) {
        if (!body.contentType().startsWith(FORM)) {
            return body;
        }
        var form = Params.parse(new String(body.bytes(), StandardCharsets.UTF_8));
        return form.find(LOGOUT).isEmpty()
                ? body
                : new ServerCall.Body(
                        body.contentType(),
                        form.without(LOGOUT).query().getBytes(StandardCharsets.UTF_8));
    }

    /// Where the browser that carries this comes from, if we sent it there.
    public Optional<Origin> origin(String token) {
        return seal.open("origin", token)
                .map(text -> text.split("\n", 4))
                .filter(parts -> parts.length == 4)
                .map(parts ->
                        new Origin(
                                new Meeting.Key(new TenantId(parts[0]), parts[1]),
                                parts[2],
                                parts[3]));
    }

    /// What a browser carries to join the same meeting once more.
    public String remember(Meeting.Key key, Params join) {
        long until = clock.instant().plus(LASTS).getEpochSecond();
        return seal.seal("join " + key.text(), until + "\n" + join.query());
    }

    /// The join that was remembered, unless it was for another meeting or is too old.
    public Optional<Params> remembered(Meeting.Key key, String carried) {
        return seal.open("join " + key.text(), carried)
                .map(text -> text.split("\n", 2))
                .filter(parts ->
                        parts.length == 2
                                && Instant.ofEpochSecond(Long.parseLong(parts[0]))
                                        .isAfter(clock.instant()))
                .map(parts -> Params.parse(parts[1]));
    }

    /// Whether browsers are led back at all.
    public boolean isWanted() {
        return wanted;
    }
}
