// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The table of the admin API: one line per route. Server, command line and docs are made from it.
public enum AdminRoutes {
    STATUS("GET", "/status", "The pool at a glance."),
    SERVERS_LIST("GET", "/servers", "All servers."),
    SERVERS_ADD("POST", "/servers", "Adds a server."),
    SERVERS_SHOW("GET", "/servers/{}", "One server."),
    SERVERS_SET("PATCH", "/servers/{}", "Changes address, secret, weight or tags of a server."),
    SERVERS_REMOVE(
            "DELETE", "/servers/{}", "Takes a server out of the pool; refused while meetings run."),
    SERVERS_ENABLE("POST", "/servers/{}/enable", "Lets a server take new meetings."),
    SERVERS_CORDON("POST", "/servers/{}/cordon", "No new meetings; running ones go on."),
    SERVERS_DRAIN(
            "POST",
            "/servers/{}/drain",
            "Cordons a server, and disables it when its last meeting has ended."),
    SERVERS_DISABLE(
            "POST",
            "/servers/{}/disable",
            "Takes a server out of service; refused while meetings run."),
    SERVERS_PANIC(
            "POST",
            "/servers/{}/panic",
            "Ends all meetings of a server at once and takes it out of service, whether it answers or not."),
    SERVERS_REMOVE_BY_FORCE(
            "POST",
            "/servers/{}/remove-by-force",
            "Takes a server out of the pool though meetings run: they are lost, and open elsewhere when wanted."),
    SERVERS_POLL("POST", "/servers/{}/poll", "Polls a server now."),
    SERVERS_SYNC(
            "POST",
            "/sync/servers",
            "Adds and changes servers so that the pool has what the list says."),
    EVENTS(
            "GET",
            "/events",
            "What happened, oldest first; as server-sent events for who accepts text/event-stream."),
    MEETINGS_LIST("GET", "/meetings", "All meetings."),
    MEETINGS_SHOW("GET", "/meetings/{}", "One meeting."),
    MEETINGS_END("POST", "/meetings/{}/end", "Ends a meeting for everybody."),
    MEETINGS_MOVE("POST", "/meetings/{}/move", "Moves a meeting to another server.");

    /// Below which all routes stand.
    public static final String BASE = "/api/v1";

    private final String method;
    private final String path;
    private final String summary;

    AdminRoutes(String method, String path, String summary) {
        this.method = method;
        this.path = path;
        this.summary = summary;
    }

    public String method() {
        return method;
    }

    /// The path below [#BASE], with `{}` where an id stands.
    public String template() {
        return path;
    }

    public String summary() {
        return summary;
    }

    /// The path with the id in its place.
    public String path(String id) {
        return BASE
                + path.replace(
                        "{}", URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /// The id in a raw path that fits this route; empty text for a route without one; empty when it does not fit.
    public Optional<String> match(String requestMethod, String rawPath) {
        if (!method.equals(requestMethod) || !rawPath.startsWith(BASE)) {
            return Optional.empty();
        }
        String rest = rawPath.substring(BASE.length());
        int hole = path.indexOf("{}");
        if (hole < 0) {
            return rest.equals(path) ? Optional.of("") : Optional.empty();
        }
        String before = path.substring(0, hole);
        String after = path.substring(hole + 2);
        if (!rest.startsWith(before)
                || !rest.endsWith(after)
                || rest.length() <= before.length() + after.length()) {
            return Optional.empty();
        }
        String id = rest.substring(before.length(), rest.length() - after.length());
        return id.contains("/") ? Optional.empty() : decode(id);
    }

    private static Optional<String> decode(String id) {
        try {
            return Optional.of(URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
