// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.adminapi.SyncWish;
import dev.plimsoll.adminapi.Synced;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `plimsoll servers sync`.
@Command(
        description =
                "Adds and changes servers so that the pool has what a file says; others stay as they are.",
        footer = {
            "",
            "The file: [{\"host\": URL, \"secret\": S, \"id\": …, \"weight\": …, \"tags\": […], \"enable\": true,",
            "\"checksum\": …, \"maxUsers\": …, \"maxMeetings\": …, \"maxPerMinute\": …}, …]",
            "Example: plimsoll servers sync servers.json --dry-run"
        })
final class SyncCommand extends OperatorCommand {

    @Parameters(
            paramLabel = "FILE",
            description = "JSON list of servers; only host and secret are needed.")
    private Path file = Path.of("servers.json");

    @Option(names = "--dry-run", description = "Only say what would change.")
    private boolean dryRun;

    SyncCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        var done =
                connection.send(
                        AdminRoutes.SERVERS_SYNC, "", new SyncWish(read(), dryRun), Synced.class);
        done.changes().forEach(change -> System.out.println((dryRun ? "would: " : "") + change));
        done.left()
                .forEach(id ->
                        System.out.printf("server %s is not in the file and stays as it is%n", id));
        if (done.changes().isEmpty()) {
            System.out.println("nothing to change");
        }
        return done.changes().isEmpty() ? Commands.NOTHING_TO_CHANGE : 0;
    }

    /// Errors name the entry and never quote it: it holds a secret.
    private List<ServerWish> read() {
        try {
            var list = JsonMapper.shared().readTree(Files.readString(file));
            if (!list.isArray()) {
                throw new IllegalArgumentException(file + " must be a list of servers");
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
                entry.path("enable").asBoolean(true));
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
