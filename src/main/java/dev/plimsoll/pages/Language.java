// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A language that our pages speak: one file `pages/xx.properties`, in UTF-8. To add one, add its file.
final class Language {

    private static final int LONGEST_HEADER = 200;

    /// By code; whatever language has a file.
    static final Map<String, Language> ALL = load();

    static final Language ENGLISH = get("en");

    private final String code;
    private final Map<String, String> texts;

    private Language(String code, Map<String, String> texts) {
        this.code = code;
        this.texts = texts;
    }

    private static Map<String, Language> load() {
        var all = new TreeMap<String, Language>();
        for (String code : Locale.getISOLanguages()) {
            read(code).ifPresent(texts -> all.put(code, new Language(code, texts)));
        }
        return Map.copyOf(all);
    }

    private static Optional<Map<String, String>> read(String code) {
        try (InputStream in = Language.class.getResourceAsStream(code + ".properties")) {
            if (in == null) {
                return Optional.empty();
            }
            var texts = new Properties();
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return Optional.of(
                    texts.stringPropertyNames().stream()
                            .collect(
                                    Collectors.toUnmodifiableMap(
                                            key -> key, key -> texts.getProperty(key, ""))));
        } catch (IOException e) {
            throw new UncheckedIOException("the language file " + code, e);
        }
    }

    private static Language get(String code) {
        var language = ALL.get(code);
        if (language == null) {
            throw new IllegalStateException("there is no file pages/" + code + ".properties");
        }
        return language;
    }

    /// The best of our languages.
    ///
    /// @param wished a code such as `de`, asked for outright; empty text when none is
    /// @param accepted an Accept-Language header, such as `fr-CH, fr;q=0.9, en;q=0.8`
    static Language choose(String wished, String accepted) {
        return find(wished)
                .or(() ->
                        Arrays.stream(shortened(accepted).split(","))
                                .map(Range::parse)
                                .filter(range -> range.quality > 0)
                                .sorted(Comparator.comparingDouble(range -> -range.quality))
                                .flatMap(range -> find(range.tag).stream())
                                .findFirst())
                .orElse(ENGLISH);
    }

    private static String shortened(String header) {
        return header.substring(0, Math.min(LONGEST_HEADER, header.length()));
    }

    /// `pt-BR` finds `pt`.
    private static Optional<Language> find(String tag) {
        String code = tag.strip().split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return Optional.ofNullable(ALL.get(code));
    }

    private record Range(String tag, double quality) {

        static Range parse(String text) {
            String[] parts = text.split(";", 2);
            String tag = parts[0].strip();
            if (parts.length == 1) {
                return new Range(tag, 1);
            }
            String quality = parts[1].strip();
            return new Range(
                    tag,
                    quality.matches("q=[01](\\.\\d{0,3})?")
                            ? Double.parseDouble(quality.substring(2))
                            : 0);
        }
    }

    String code() {
        return code;
    }

    Map<String, String> texts() {
        return texts;
    }

    /// @throws IllegalStateException when the language's file lacks it
    String text(String key) {
        var text = texts.get(key);
        if (text == null) {
            throw new IllegalStateException("pages/" + code + ".properties lacks " + key);
        }
        return text;
    }
}
