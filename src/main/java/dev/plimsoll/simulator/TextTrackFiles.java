// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Hands out text tracks, each address once and within an hour.
final class TextTrackFiles implements Handler {

    private static final long VALID = 3_600_000;

    private record Ticket(String path, String content, long until) {}

    private final Meetings meetings;
    private final Chance chance;
    private final Address address;

    /// Guarded by the lock of [Meetings].
    private final Map<String, Ticket> tickets = new HashMap<>();

    TextTrackFiles(Meetings meetings, Chance chance, Address address) {
        this.meetings = meetings;
        this.chance = chance;
        this.address = address;
    }

    /// A new address for a track.
    String url(String recordId, TextTrack track) {
        tickets.values().removeIf(ticket -> ticket.until() < meetings.now());
        String token = chance.mixed(8);
        String file = "/" + recordId + "/" + track.file();
        tickets.put(token, new Ticket(token + file, track.content(), meetings.now() + VALID));
        return address.url() + path() + "/" + token + file;
    }

    @Override
    public String path() {
        return "/bigbluebutton/textTrack";
    }

    @Override
    public Response handle(Request request) {
        if (!request.method().equals("GET") || request.path().equals(path())) {
            return Answers.page(405);
        }
        String file = request.path().substring(path().length() + 1);
        String token = file.substring(0, Math.max(0, file.indexOf('/')));
        return meetings.exclusively(() ->
                Optional.ofNullable(tickets.remove(token))
                        .filter(ticket -> ticket.until() >= meetings.now())
                        .filter(ticket -> ticket.path().equals(file))
                        .map(ticket -> Response.of(200, "text/vtt;charset=utf-8", ticket.content()))
                        .orElseGet(() -> Answers.page(403)));
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Answers.page(status);
    }
}
