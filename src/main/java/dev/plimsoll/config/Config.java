// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// The settings of one process: a YAML file and the environment, which wins.
///
/// Each feature asks for its keys with default, bounds and help on one line; from those lines come the
/// settings reference, `config show` and the check for unknown keys. Mistakes are collected, not thrown:
/// [#requireSound] tells them all at once. Not thread-safe; used once at start.
public final class Config {

    /// @param items the elements of a YAML list, else what stands between the colons
    private record Given(String text, List<String> items, String source) {

        Given(String text, String source) {
            this(text, split(text), source);
        }

        Given(List<String> items, String source) {
            this(String.join(":", items), items, source);
        }
    }

    private final Map<String, Given> given = new TreeMap<>();
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private Config() {}

    /// Reads the file, if there is one, and the environment. What is wrong with them is a problem of this
    /// config, not an exception.
    public static Config load(Optional<Path> file, Map<String, String> environment) {
        var config = new Config();
        file.ifPresent(config::readFile);
        environment.forEach((name, value) -> {
            if (name.startsWith("PLIMSOLL_") && !LAUNCHER.contains(name)) {
                config.given.put(name, new Given(value, name));
            }
        });
        return config;
    }

    /// The settings file when none is named: `$PLIMSOLL_CONFIG`, else `./plimsoll.yaml`, else
    /// `/etc/plimsoll/plimsoll.yaml`. One that the environment names must be there; the others may be missing.
    public static Optional<Path> usualFile(Map<String, String> environment) {
        String named = environment.getOrDefault("PLIMSOLL_CONFIG", "");
        if (!named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        return List.of(Path.of("plimsoll.yaml"), Path.of("/etc/plimsoll/plimsoll.yaml")).stream()
                .filter(Files::isReadable)
                .findFirst();
    }

    /// Variables that are read by the launcher and the command line, and are not settings.
    private static final List<String> LAUNCHER =
            List.of(
                    "PLIMSOLL_JAVA_HOME",
                    "PLIMSOLL_JAVA_OPTS",
                    "PLIMSOLL_NO_AOT",
                    "PLIMSOLL_CONFIG",
                    "PLIMSOLL_URL",
                    "PLIMSOLL_TOKEN");

    private void readFile(Path file) {
        try {
            if (Files.size(file) > 1_000_000) {
                problems.add(file + " is larger than 1 MB, so it is not a settings file");
                return;
            }
            try (var yaml =
                    new YAMLFactory()
                            .createParser(ObjectReadContext.empty(), Files.readString(file))) {
                readDocument(yaml, file.toString());
            }
        } catch (IOException e) {
            problems.add(
                    "cannot read the settings file "
                            + file
                            + " ("
                            + (Files.exists(file)
                                    ? "no permission, or not text"
                                    : "it is not there")
                            + ")");
        } catch (JacksonException e) {
            // The parser's own message quotes the file's text, which may hold a secret: only the
            // place is told.
            var at = e.getLocation();
            problems.add(
                    file
                            + " is not valid YAML"
                            + (at == null ? "" : " near line " + at.getLineNr()));
        }
    }

    /// Reads token by token: a value stays as it was written, also one that looks like a number.
    private void readDocument(JsonParser yaml, String source) {
        var first = yaml.nextToken();
        if (first == JsonToken.START_OBJECT) {
            readMap("", yaml, source);
            if (yaml.nextToken() != null) {
                problems.add(source + " is not valid YAML: it holds more than one document");
            }
        } else if (first != null && first != JsonToken.VALUE_NULL) {
            problems.add(source + " must hold `key: value` lines");
        }
    }

    private void readMap(String prefix, JsonParser yaml, String source) {
        while (yaml.nextToken() != JsonToken.END_OBJECT) {
            String key = prefix + yaml.currentName();
            switch (yaml.nextToken()) {
                case START_OBJECT -> readMap(key + ".", yaml, source);
                case START_ARRAY -> give(key, new Given(readList(key, yaml), source));
                case VALUE_NULL -> give(key, new Given("", source));
                default -> give(key, new Given(yaml.getString(), source));
            }
        }
    }

    private List<String> readList(String key, JsonParser yaml) {
        var items = new ArrayList<String>();
        while (yaml.nextToken() != JsonToken.END_ARRAY) {
            if (yaml.currentToken().isStructStart()) {
                problems.add(key + " must be a list of plain values");
                yaml.skipChildren();
            } else if (yaml.currentToken() == JsonToken.VALUE_NULL || yaml.getString().isBlank()) {
                problems.add(key + " has an empty item; leave it out");
            } else {
                items.add(yaml.getString().strip());
            }
        }
        return items;
    }

    private void give(String key, Given value) {
        if (given.put(key, value) != null) {
            problems.add("%s is given twice in %s".formatted(key, value.source));
        }
    }

    /// A free text.
    public String text(String key, String fallback, String help) {
        return read(key, "text", fallback, help, Optional::of, String::valueOf, "a text");
    }

    /// A text that may be left out.
    public Optional<String> text(String key, String help) {
        return Optional.of(text(key, "", help)).filter(text -> !text.isBlank());
    }

    /// One of a few words.
    public String choice(String key, String fallback, List<String> allowed, String help) {
        return read(
                key,
                String.join(" | ", allowed),
                fallback,
                help,
                text -> Optional.of(text.strip()).filter(allowed::contains),
                String::valueOf,
                "one of " + String.join(", ", allowed));
    }

    /// A duration, written `500ms`, `10s`, `5m`, `2h` or `1d`; at least one millisecond.
    public Duration duration(String key, Duration fallback, String help) {
        return read(
                key,
                "duration",
                fallback,
                help,
                text -> Durations.parse(text).filter(Duration::isPositive),
                Durations::write,
                "a duration; write 10s, 5m or 2h");
    }

    /// A duration, or 0 for none, which is the default.
    public Duration durationOrNone(String key, String help) {
        return read(
                key,
                "duration",
                Duration.ZERO,
                help,
                text ->
                        text.strip().equals("0")
                                ? Optional.of(Duration.ZERO)
                                : Durations.parse(text),
                duration -> duration.isZero() ? "0" : Durations.write(duration),
                "a duration or 0; write 30m, 2h or 1d");
    }

    /// A whole number within bounds, both included.
    public int number(String key, int fallback, int least, int most, String help) {
        int value =
                read(
                        key,
                        "number",
                        fallback,
                        help,
                        Config::parseInt,
                        String::valueOf,
                        "a whole number");
        if (value < least || value > most) {
            problems.add("%s = %d is outside %d to %d".formatted(key, value, least, most));
            return fallback;
        }
        return value;
    }

    /// A number with a fraction, within bounds, both included.
    public double decimal(String key, double fallback, double least, double most, String help) {
        double value =
                read(
                        key,
                        "number",
                        fallback,
                        help,
                        Config::parseDouble,
                        String::valueOf,
                        "a number");
        if (!(value >= least && value <= most)) {
            problems.add("%s = %s is outside %s to %s".formatted(key, value, least, most));
            return fallback;
        }
        return value;
    }

    /// `true` or `false`.
    public boolean flag(String key, boolean fallback, String help) {
        return read(
                key,
                "true | false",
                fallback,
                help,
                text ->
                        switch (text.strip()) {
                            case "true" -> Optional.of(true);
                            case "false" -> Optional.of(false);
                            default -> Optional.empty();
                        },
                String::valueOf,
                "true or false");
    }

    /// Texts separated by `:` or given as a YAML list.
    public List<String> list(String key, List<String> fallback, String help) {
        return read(
                key,
                "list",
                fallback,
                help,
                _ -> Optional.of(items(key)),
                list -> String.join(":", list),
                "a list");
    }

    /// Secrets separated by `:` or given as a YAML list; never shown.
    public List<Secret> secrets(String key, String help) {
        return read(
                key,
                "secret",
                List.of(),
                help,
                _ -> Optional.of(items(key).stream().map(Secret::new).toList()),
                list -> list.isEmpty() ? "" : "••••",
                "a secret");
    }

    /// Where something is that may be written with a password: neither told of in a problem nor shown as it was given.
    ///
    /// @param shown as everybody may see it
    /// @param expected what may be written, such as `a URL`
    public <T> T place(
            String key,
            T fallback,
            String help,
            Function<String, Optional<T>> parse,
            Function<T, String> shown,
            String expected) {
        return read(key, "place", fallback, help, parse, shown, expected);
    }

    /// A path in the file system.
    public Path path(String key, String fallback, String help) {
        return read(
                key, "path", Path.of(fallback), help, Config::parsePath, Path::toString, "a path");
    }

    /// Notes a mistake that only the feature can see, such as two settings that exclude each other.
    public void problem(String problem) {
        problems.add(problem);
    }

    /// Every setting asked for so far, in the order of the questions.
    public List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    /// @throws ConfigProblems when anything given is wrong or unknown
    public void requireSound() {
        var all = new ArrayList<>(problems);
        given.forEach((key, value) -> {
            if (settings.values().stream()
                    .noneMatch(s -> s.key().equals(key) || s.environmentName().equals(key))) {
                all.add("%s is not a setting%s".formatted(key, didYouMean(key)));
            }
        });
        if (!all.isEmpty()) {
            throw new ConfigProblems(all);
        }
    }

    private String didYouMean(String key) {
        Function<Setting, String> form =
                key.startsWith("PLIMSOLL_") ? Setting::environmentName : Setting::key;
        return Spelling.didYouMean(key, settings.values().stream().map(form).toList());
    }

    private <T> T read(
            String key,
            String kind,
            T fallback,
            String help,
            Function<String, Optional<T>> parse,
            Function<T, String> write,
            String expected) {
        boolean hidden = kind.equals("secret") || kind.equals("place");
        var found = find(key);
        T value = fallback;
        if (found.isPresent()) {
            String text = found.get().text;
            var parsed = parse.apply(text);
            if (parsed.isEmpty()) {
                problems.add("%s = %s is not %s".formatted(key, hidden ? "••••" : text, expected));
            }
            value = parsed.orElse(fallback);
        }
        settings.put(
                key,
                new Setting(
                        key,
                        kind,
                        write.apply(fallback),
                        help,
                        write.apply(value),
                        found.map(Given::source).orElse("default")));
        return value;
    }

    private List<String> items(String key) {
        return find(key).map(Given::items).orElse(List.of());
    }

    /// What is given for that key. An empty value counts as none, as compose files leave them.
    private Optional<Given> find(String key) {
        return Stream.of(Setting.environmentName(key), key)
                .filter(given::containsKey)
                .map(given::get)
                .filter(value -> !value.text.isBlank())
                .findFirst();
    }

    private static List<String> split(String text) {
        return Arrays.stream(text.split(":")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    private static Optional<Integer> parseInt(String text) {
        try {
            return Optional.of(Integer.valueOf(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Double> parseDouble(String text) {
        try {
            // Java's own form also knows 5d, 0x1p3 and NaN.
            return Optional.of(text.strip())
                    .filter(number -> number.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?"))
                    .map(Double::valueOf)
                    .filter(Double::isFinite);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> parsePath(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (java.nio.file.InvalidPathException e) {
            return Optional.empty();
        }
    }
}
