// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.bbb.BbbSettings;
import dev.plimsoll.callback.HookSettings;
import dev.plimsoll.config.Config;
import dev.plimsoll.db.DatabaseSettings;
import dev.plimsoll.gateway.GatewaySettings;
import dev.plimsoll.http.HttpSettings;
import dev.plimsoll.meeting.MeetingSettings;
import dev.plimsoll.placement.PlacementSettings;
import dev.plimsoll.pool.PollSettings;
import dev.plimsoll.recording.RecordingSettings;
import dev.plimsoll.telemetry.LogSettings;
import dev.plimsoll.tenant.TenantSettings;

import java.util.List;
import java.util.Locale;

/// All features' settings, read once at start. Each feature owns its own record.
public record Settings(
        TenantSettings tenant,
        DatabaseSettings database,
        HttpSettings http,
        PollSettings poll,
        PlacementSettings placement,
        MeetingSettings meeting,
        RecordingSettings recording,
        HookSettings hooks,
        GatewaySettings gateway,
        BbbSettings bbb,
        LogSettings log) {

    /// Reads all of them; mistakes are kept in the config.
    public static Settings read(Config config) {
        return new Settings(
                TenantSettings.read(config),
                DatabaseSettings.read(config),
                HttpSettings.read(config),
                PollSettings.read(config),
                PlacementSettings.read(config),
                MeetingSettings.read(config),
                RecordingSettings.read(config),
                HookSettings.read(config),
                GatewaySettings.read(config),
                BbbSettings.read(config),
                readLog(config));
    }

    /// Notes it as a mistake when `serve` would have to make up a secret that other instances on its PostgreSQL do not
    /// know: each would refuse what was signed for the other. One that was made or restored earlier may stay.
    void requireSecretOfAll(Config config) {
        boolean isShared = database.place() instanceof DatabaseSettings.Postgres;
        if (isShared
                && tenant.secrets().isEmpty()
                && new DataDirectory(database.data()).read(DataDirectory.SECRET).isEmpty()) {
            config.problem(
                    "secret is not set, but with PostgreSQL it must be, to the same on all instances:"
                            + " set it in the settings file or as PLIMSOLL_SECRET; `openssl rand -hex 32` makes a good one");
        }
    }

    // Here and not in `telemetry`, which knows no other package.
    private static LogSettings readLog(Config config) {
        String format =
                config.choice(
                        "log.format",
                        "text",
                        List.of("text", "json"),
                        "Lines for people, or one JSON object a line.");
        String level =
                config.choice(
                        "log.level",
                        "info",
                        List.of("error", "warn", "info", "debug"),
                        "The least level that is logged.");
        return new LogSettings(format.equals("json"), level.toUpperCase(Locale.ROOT));
    }
}
