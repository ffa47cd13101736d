// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.cli.Table;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Setting;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `plimsoll config`.
@Command(
        name = "config",
        description = "Settings: what is in force, what is wrong, what there is.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: plimsoll config show"})
final class ConfigCommand {

    @Command(
            description = "The settings in force, and where each comes from. Secrets are masked.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: PLIMSOLL_HTTP_PORT=80 plimsoll config show"})
    void show(@Mixin ConfigFile file) {
        var config = file.load();
        Settings.read(config);
        var table = new Table("SETTING", "VALUE", "FROM");
        config.settings()
                .forEach(setting -> table.row(setting.key(), setting.value(), setting.source()));
        System.out.print(table.text());
        config.requireSound();
    }

    @Command(
            description = "Checks a settings file and tells all mistakes at once.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: plimsoll config check /etc/plimsoll/plimsoll.yaml"})
    void check(@Parameters(paramLabel = "FILE") Path file) {
        var config = Config.load(Optional.of(file), Map.of());
        Settings.read(config);
        config.requireSound();
        System.out.println(file + " is fine");
    }

    @Command(
            description = "All settings with defaults, as a Markdown page.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: plimsoll config reference > settings.md"})
    void reference() {
        System.out.print(page());
    }

    /// The settings reference; a test compares it with the page that is checked in.
    static String page() {
        var config = Config.load(Optional.empty(), Map.of());
        Settings.read(config);
        var page = new StringBuilder(HEAD);
        for (Setting setting : List.copyOf(config.settings())) {
            page.append(
                    "| `%s`<br>`%s` | %s | %s | %s |\n"
                            .formatted(
                                    setting.key(),
                                    setting.environmentName(),
                                    setting.kind().replace("|", "\\|"),
                                    setting.fallback().isEmpty()
                                            ? "—"
                                            : "`" + setting.fallback() + "`",
                                    setting.help()));
        }
        return page.toString();
    }

    private static final String HEAD =
            """
            # Settings

            Made by `plimsoll config reference` (`make docs`); do not edit. Settings come from `plimsoll.yaml` and from the
            environment, which wins. Lists are YAML lists, or separated by `:`. Durations are written `500ms`, `10s`, `5m`,
            `2h` or `1d`. Every setting needs a restart.

            | Setting | Kind | Default | Meaning |
            |---|---|---|---|
            """;
}
