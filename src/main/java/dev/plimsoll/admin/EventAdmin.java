// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.EventView;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.event.Event;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Shows operators what happened: as a list, or while it happens as server-sent events.
///
/// A stream waits for the first new event, sends what there is and ends, so that no request lives for long; its reader
/// comes again and says which event it saw last, as every EventSource does.
public final class EventAdmin {

    private static final String STREAM = "text/event-stream";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final EventLog log;
    private final JsonMapper json = JsonMapper.shared();

    public EventAdmin(EventLog log) {
        this.log = log;
    }

    /// Whether the request wants to hear of events while they happen.
    static boolean isStream(Request request) {
        return request.header("Accept").orElse("").contains(STREAM);
    }

    /// Those after `after`; without it, the newest.
    List<EventView> list(Request request) {
        var params = Params.parse(request.query());
        int limit = limit(params);
        var after = after(params.filled("after"));
        var events = after.isPresent() ? log.since(after.getAsLong(), limit) : log.newest(limit);
        return events.stream().map(EventAdmin::view).toList();
    }

    /// Those after the last one that the reader saw; without any, those from now on.
    Response stream(Request request) {
        var params = Params.parse(request.query());
        int limit = limit(params);
        var seen = after(request.header("Last-Event-ID").or(() -> params.filled("after")));
        long after = seen.orElseGet(this::newest);
        return Response.streamed(200, STREAM, out -> write(out, after, limit))
                .with("Cache-Control", "no-store")
                .with("X-Accel-Buffering", "no"); // nginx would keep it all back
    }

    private long newest() {
        var newest = log.newest(1);
        return newest.isEmpty() ? 0 : newest.getFirst().id();
    }

    private void write(OutputStream out, long after, int limit) throws IOException {
        // An id without data is remembered and shown to nobody: who comes again misses nothing.
        send(out, "retry: 1000\nid: " + after + "\n\n");
        try {
            for (Event event : log.await(after, limit, LONGEST_WAIT)) {
                send(
                        out,
                        "id: %d\nevent: %s\ndata: %s\n\n"
                                .formatted(
                                        event.id(),
                                        event.kind(),
                                        json.writeValueAsString(view(event))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static int limit(Params params) {
        return (int) Math.min(MOST, number(params.filled("limit"), "limit").orElse(USUAL));
    }

    private static OptionalLong after(Optional<String> id) {
        return number(id, "after");
    }

    private static OptionalLong number(Optional<String> text, String name) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[0-9]{1,18}")) {
            throw AdminProblem.invalid(name + " must be a whole number");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    private static EventView view(Event event) {
        return new EventView(
                event.id(), event.at().toString(), event.kind(), event.subject(), event.text());
    }
}
