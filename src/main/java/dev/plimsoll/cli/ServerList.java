// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.config.Spelling;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file with a list of servers: tinyscale's `[{"host": URL, "secret": S}, …]`, and what else can be said of a server.
public final class ServerList {

    private static final List<String> KEYS =
            List.of(
                    "host",
                    "url",
                    "secret",
                    "id",
                    "weight",
                    "tags",
                    "enable",
                    "checksum",
                    "maxUsers",
                    "maxMeetings",
                    "maxPerMinute");

    private ServerList() {}

    /// Unless an entry says otherwise, its server is to be enabled.
    ///
    /// @throws IllegalArgumentException names the entry and never quotes it: it holds a secret
    public static List<ServerWish> read(Path file) {
        try {
            var list = JsonMapper.shared().readTree(Files.readString(file));
            if (!list.isArray()) {
                throw new IllegalArgumentException(
                        file + " must be a list: [{\"host\": URL, \"secret\": S}, …]");
            }
            var wishes = new ArrayList<ServerWish>();
            for (int i = 0; i < list.size(); i++) {
                wishes.add(wish(list.get(i), "%s: entry %d".formatted(file, i + 1)));
            }
            return wishes;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file, e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not JSON");
        }
    }

    private static ServerWish wish(JsonNode entry, String where) {
        for (String key : entry.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "%s: %s is not known of a server%s"
                                .formatted(where, key, Spelling.didYouMean(key, KEYS)));
            }
        }
        String url = entry.path("host").asString(entry.path("url").asString(""));
        String secret = entry.path("secret").asString("");
        if (url.isBlank() || secret.isBlank()) {
            throw new IllegalArgumentException(where + " needs host and secret");
        }
        var weight = entry.path("weight");
        if (!weight.isMissingNode() && !weight.isNumber()) {
            throw new IllegalArgumentException(where + ": weight must be a number");
        }
        return new ServerWish(
                text(entry, "id"),
                url,
                secret,
                weight.isNumber() ? weight.asDouble() : null,
                tags(entry.path("tags"), where),
                text(entry, "checksum"),
                number(entry, "maxUsers", where),
                number(entry, "maxMeetings", where),
                number(entry, "maxPerMinute", where),
                enable(entry.path("enable"), where));
    }

    private static boolean enable(JsonNode enable, String where) {
        if (!enable.isMissingNode() && !enable.isBoolean()) {
            throw new IllegalArgumentException(where + ": enable must be true or false");
        }
        return enable.asBoolean(true);
    }

    private static @Nullable String text(JsonNode entry, String name) {
        String text = entry.path(name).asString("");
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Integer number(JsonNode entry, String name, String where) {
        var number = entry.path(name);
        if (number.isMissingNode()) {
            return null;
        }
        if (!number.isInt()) {
            throw new IllegalArgumentException(where + ": " + name + " must be a whole number");
        }
        return number.asInt();
    }

    private static @Nullable List<String> tags(JsonNode tags, String where) {
        if (tags.isMissingNode()) {
            return null;
        }
        if (!tags.isArray()) {
            throw new IllegalArgumentException(where + ": tags must be a list");
        }
        return tags.valueStream().map(tag -> tag.asString("")).toList();
    }
}
