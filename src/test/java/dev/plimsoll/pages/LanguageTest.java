// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

final class LanguageTest {

    @Test
    void theFiveLanguagesAreThere() {
        assertThat(Language.ALL).containsKeys("en", "de", "fr", "es", "pt");
    }

    @Test
    void everyLanguageSaysAllThatEnglishSays() {
        var english = new TreeSet<>(Language.ENGLISH.texts().keySet());
        Language.ALL.forEach((code, language) -> {
            assertThat(new TreeSet<>(language.texts().keySet())).as(code).isEqualTo(english);
            language.texts().forEach((key, text) -> assertThat(text).as(code + key).isNotBlank());
        });
    }

    @Test
    void everyNoticeHasItsWordsAndThereAreNoOthers() {
        var needed = new TreeSet<>(List.of("direction", "again", "reference", "sorry"));
        Arrays.stream(Notice.values())
                .forEach(notice ->
                        List.of(".title", ".text", ".advice")
                                .forEach(part -> needed.add(notice.word() + part)));
        assertThat(new TreeSet<>(Language.ENGLISH.texts().keySet())).isEqualTo(needed);
    }

    @Test
    void translationsAreNotLeftInEnglish() {
        Language.ALL.values().stream()
                .filter(language -> language != Language.ENGLISH)
                .forEach(language ->
                        language.texts().entrySet().stream()
                                .filter(entry -> entry.getKey().endsWith(".text"))
                                .forEach(entry ->
                                        assertThat(entry.getValue())
                                                .as(language.code() + " " + entry.getKey())
                                                .isNotEqualTo(
                                                        Language.ENGLISH.text(entry.getKey()))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''  | ''                              | en
                    ''  | de                              | de
                    ''  | DE-AT                           | de
                    ''  | pt-BR,pt;q=0.9,en;q=0.8         | pt
                    ''  | en;q=0.5, fr;q=0.9              | fr
                    ''  | ja, zh-CN;q=0.9, es;q=0.1, *    | es
                    ''  | ja, *                           | en
                    ''  | de;q=0, fr;q=0.1                | fr
                    ''  | de;q=nonsense, es               | es
                    ''  | ,;,,;q=                         | en
                    fr  | de                              | fr
                    xx  | de                              | de
                    ../ | de                              | de
                    """)
    void theBestLanguageIsChosen(String wished, String accepted, String expected) {
        assertThat(Language.choose(wished, accepted).code()).isEqualTo(expected);
    }

    @Test
    void aHeaderOfManyLanguagesIsNotReadToItsEnd() {
        assertThat(Language.choose("", "xx,".repeat(20_000) + "de").code()).isEqualTo("en");
    }
}
