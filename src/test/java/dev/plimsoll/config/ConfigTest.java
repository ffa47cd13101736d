// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

final class ConfigTest {

    @TempDir private Path folder;

    @Test
    void whatTheLauncherReadsIsNoSetting() throws IOException {
        var names =
                Pattern.compile("PLIMSOLL_[A-Z_]+")
                        .matcher(Files.readString(Path.of("plimsoll")))
                        .results()
                        .collect(Collectors.toMap(MatchResult::group, _ -> "1", (a, _) -> a));
        assertThat(names).isNotEmpty();
        environment(names).requireSound();
    }

    @Test
    void tellsAllMistakesAtOnce() throws IOException {
        var config =
                file(
                        """
                        poll:
                          timeout: 5 apples
                          failures-until-offline: 0
                          intervall: 10s
                        """);
        readPoll(config);
        assertThatThrownBy(config::requireSound)
                .isInstanceOf(ConfigProblems.class)
                .hasMessage(
                        """
                        poll.timeout = 5 apples is not a duration; write 10s, 5m or 2h
                        poll.failures-until-offline = 0 is outside 1 to 20
                        poll.intervall is not a setting; did you mean poll.interval?\
                        """);
    }

    @Test
    void whatIsSoundIsSound() throws IOException {
        var config = file("poll.timeout: 5s\n");
        readPoll(config);
        assertThatCode(config::requireSound).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "PLIMSOLL_POLL_INTERVALL, '; did you mean PLIMSOLL_POLL_INTERVAL?'",
        "PLIMSOLL_POL_TIMEOUT, '; did you mean PLIMSOLL_POLL_TIMEOUT?'",
        "PLIMSOLL_FOO, ''",
        "PLIMSOLL_, ''"
    })
    void anUnknownNameInTheEnvironmentIsAMistake(String name, String meant) {
        var config = environment(Map.of(name, "geheim"));
        readPoll(config);
        assertProblem(config, name + " is not a setting" + meant);
    }

    @Test
    void anUnknownKeyFarFromAllIsJustUnknown() throws IOException {
        var config = file("colour: green\n");
        readPoll(config);
        assertProblem(config, "colour is not a setting");
    }

    @Test
    void otherPeoplesEnvironmentIsNotRead() {
        var config =
                environment(
                        Map.of(
                                "PATH", "/bin",
                                "PLIMSOLL", "x",
                                "plimsoll_data", "x",
                                "PLIMSOLL_CONFIG", "x",
                                "PLIMSOLL_TOKEN", "x"));
        assertThatCode(config::requireSound).doesNotThrowAnyException();
    }

    @Test
    void aMistakeOnlyTheFeatureSeesIsToldWithTheOthers() {
        var config = environment(Map.of());
        config.problem("a and b exclude each other");
        assertProblem(config, "a and b exclude each other");
    }

    @ParameterizedTest
    @CsvSource({
        "duration, 0s, 'k = 0s is not a duration; write 10s, 5m or 2h'",
        "number, 1.5, k = 1.5 is not a whole number",
        "number, 99999999999, k = 99999999999 is not a whole number",
        "number, 11, k = 11 is outside 1 to 10",
        "decimal, NaN, k = NaN is not a number",
        "decimal, 5d, k = 5d is not a number",
        "decimal, 1e9, k = 1.0E9 is outside 0.0 to 10.0",
        "flag, yes, k = yes is not true or false",
        "choice, purple, 'k = purple is not one of red, blue'"
    })
    void aValueThatDoesNotFitIsAMistakeAndTheDefaultStaysInForce(
            String kind, String value, String problem) {
        var config = environment(Map.of("PLIMSOLL_K", value));
        var read =
                switch (kind) {
                    case "duration" -> config.duration("k", Duration.ofSeconds(7), "").toString();
                    case "number" -> config.number("k", 7, 1, 10, "") + "";
                    case "decimal" -> config.decimal("k", 7, 0, 10, "") + "";
                    case "flag" -> config.flag("k", true, "") + "";
                    default -> config.choice("k", "red", List.of("red", "blue"), "");
                };
        assertThat(read).isIn("PT7S", "7", "7.0", "true", "red");
        assertProblem(config, problem);
    }

    @Test
    void theEnvironmentWinsOverTheFileAndTheFileOverTheDefault() throws IOException {
        Path file = write("a: file\nb: file\n");
        var config = Config.load(Optional.of(file), Map.of("PLIMSOLL_A", "environment"));
        assertThat(config.text("a", "default", "")).isEqualTo("environment");
        assertThat(config.text("b", "default", "")).isEqualTo("file");
        assertThat(config.text("c", "default", "")).isEqualTo("default");
        assertThat(config.settings())
                .extracting(Setting::source)
                .containsExactly("PLIMSOLL_A", file.toString(), "default");
        config.requireSound();
    }

    @Test
    void anEmptyVariableCountsAsNotSet() throws IOException {
        var config = Config.load(Optional.of(write("a: file\n")), Map.of("PLIMSOLL_A", " "));
        assertThat(config.text("a", "default", "")).isEqualTo("file");
        assertThat(environment(Map.of("PLIMSOLL_A", "")).number("a", 7, 1, 9, "")).isEqualTo(7);
    }

    @Test
    void whatIsEmptyComesFromTheDefault() throws IOException {
        var config = file("a:\nb: ''\n");
        assertThat(config.text("a", "default", "")).isEqualTo("default");
        assertThat(config.text("b", "help")).isEmpty();
        assertThat(config.settings()).extracting(Setting::source).containsOnly("default");
        config.requireSound();
    }

    @Test
    void everySettingAskedForIsListedAsOneWouldWriteIt() {
        var config = environment(Map.of("PLIMSOLL_POLL_TIMEOUT", "90s"));
        readPoll(config);
        assertThat(config.settings())
                .first()
                .isEqualTo(
                        new Setting(
                                "poll.timeout",
                                "duration",
                                "5s",
                                "How long.",
                                "90s",
                                "PLIMSOLL_POLL_TIMEOUT"));
        assertThat(config.settings())
                .extracting(Setting::environmentName)
                .containsExactly(
                        "PLIMSOLL_POLL_TIMEOUT",
                        "PLIMSOLL_POLL_FAILURES_UNTIL_OFFLINE",
                        "PLIMSOLL_POLL_INTERVAL");
    }

    @Test
    void secretsAreMaskedInTheListOfSettings() {
        var config = environment(Map.of("PLIMSOLL_SECRETS", "geheim:auch"));
        assertThat(config.secrets("secrets", ""))
                .containsExactly(new Secret("geheim"), new Secret("auch"));
        assertThat(config.settings().toString()).doesNotContain("geheim", "auch");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret: geheim\nsecret-: geheim",
                "secret: [geheim, geheim\n",
                "secret: 'geheim\n",
                "geheim",
                "secret: \"\\geheim\"",
                "- geheim",
                "? [geheim] : {x: *geheim}",
                "secret: &geheim !!geheim geheim\n\tx: geheim",
                "secret: geheim\nsecret: geheim"
            })
    void noMistakeShowsASecret(String yaml) throws IOException {
        var config = file(yaml);
        config.secrets("secret", "");
        assertThatThrownBy(config::requireSound).hasMessageNotContaining("geheim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"00123", "1e5", "0x1F", "true", "null", "1_000", "2026-11-20", "no", "~"})
    void aSecretThatLooksLikeANumberIsTakenAsItIsWritten(String secret) throws IOException {
        assertThat(file("secret: '" + secret + "'\n").secrets("secret", ""))
                .containsExactly(new Secret(secret));
        if (!secret.equals("null") && !secret.equals("~")) {
            assertThat(file("secret: " + secret + "\n").secrets("secret", ""))
                    .containsExactly(new Secret(secret));
            assertThat(file("secret: [" + secret + "]\n").secrets("secret", ""))
                    .containsExactly(new Secret(secret));
        }
    }

    @Test
    void keysMayBeNestedOrDotted() throws IOException {
        var config = file("a:\n  b:\n    c: 1\n    d-e: 2\na.b.f: 3\n");
        assertThat(config.number("a.b.c", 0, 0, 9, "")).isEqualTo(1);
        assertThat(config.number("a.b.d-e", 0, 0, 9, "")).isEqualTo(2);
        assertThat(config.number("a.b.f", 0, 0, 9, "")).isEqualTo(3);
        config.requireSound();
    }

    @Test
    void aListMayBeWrittenAsAList() throws IOException {
        var config = file("proxies:\n  - 127.0.0.1\n  - '::1'\nnames: a:b:c\nnone: []\n");
        assertThat(config.list("proxies", List.of(), "")).containsExactly("127.0.0.1", "::1");
        assertThat(config.list("names", List.of(), "")).containsExactly("a", "b", "c");
        assertThat(config.list("none", List.of("d"), "")).containsExactly("d");
        assertThat(environment(Map.of("PLIMSOLL_X", " a : b ::")).list("x", List.of(), ""))
                .containsExactly("a", "b");
    }

    /// Of a list of secrets, one was meant to be there.
    @ParameterizedTest
    @ValueSource(strings = {"['', x]", "[' ']", "\n  -\n  - x"})
    void anItemThatIsEmptyIsAMistake(String list) throws IOException {
        var config = file("secrets: " + list + "\n");
        config.secrets("secrets", "");
        assertProblem(config, "secrets has an empty item; leave it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: 1\na: 2\n", "a:\n  b: 1\na.b: 2\n", "a:\n  b: 1\n  b: 2\n"})
    void aKeyThatIsGivenTwiceIsAMistake(String yaml) throws IOException {
        var config = file(yaml);
        config.text("a", "", "");
        config.text("a.b", "", "");
        assertThatThrownBy(config::requireSound).hasMessageContaining("settings.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing\n", "---\n"})
    void anEmptyFileIsFine(String yaml) throws IOException {
        assertThatCode(file(yaml)::requireSound).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "'a: [1, 2', ' is not valid YAML near line 1'",
        "'a: 1\nb: ]', ' is not valid YAML near line 2'",
        "'a: 1\n---\nb: 2', ' is not valid YAML'",
        "'just text', ' must hold `key: value` lines'",
        "'- a\n- b', ' must hold `key: value` lines'"
    })
    void aFileThatIsNoSettingsFileIsAMistakeWithItsPlace(String yaml, String problem)
            throws IOException {
        var config = file(yaml);
        config.text("a", "", "");
        config.list("a", List.of(), "");
        assertThatThrownBy(config::requireSound)
                .hasMessageContaining(folder.resolve("settings.yaml") + problem);
    }

    @Test
    void aFileThatIsNotThereIsAMistake() {
        var config = Config.load(Optional.of(folder.resolve("absent.yaml")), Map.of());
        assertProblem(
                config,
                "cannot read the settings file %s (it is not there)"
                        .formatted(folder.resolve("absent.yaml")));
    }

    @Test
    void aFileThatIsNotUtf8IsAMistake() throws IOException {
        Path file = folder.resolve("settings.yaml");
        Files.write(file, "a: Zoë".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(Config.load(Optional.of(file), Map.of())::requireSound)
                .hasMessageStartingWith("cannot read the settings file " + file);
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        var config = file("# " + "x".repeat(1_000_000) + "\n");
        assertProblem(
                config,
                folder.resolve("settings.yaml")
                        + " is larger than 1 MB, so it is not a settings file");
    }

    @Test
    void deepNestingIsAMistakeAndNoCrash() throws IOException {
        var config = file("{a: ".repeat(50_000) + "1" + "}".repeat(50_000));
        assertThatThrownBy(config::requireSound).isInstanceOf(ConfigProblems.class);
    }

    @Test
    void aliasesDoNotMultiply() throws IOException {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            String before = "*a" + (i - 1);
            bomb.append(
                    "a%d: &a%d [%s]\n"
                            .formatted(
                                    i,
                                    i,
                                    String.join(", ", List.of(before, before, before, before))));
        }
        assertThatThrownBy(file(bomb.toString())::requireSound).isInstanceOf(ConfigProblems.class);
    }

    private static void readPoll(Config config) {
        config.duration("poll.timeout", Duration.ofSeconds(5), "How long.");
        config.number("poll.failures-until-offline", 3, 1, 20, "");
        config.duration("poll.interval", Duration.ofSeconds(10), "");
    }

    private static void assertProblem(Config config, String problem) {
        assertThatThrownBy(config::requireSound)
                .isInstanceOf(ConfigProblems.class)
                .hasMessage(problem);
    }

    private static Config environment(Map<String, String> environment) {
        return Config.load(Optional.empty(), environment);
    }

    private Config file(String yaml) throws IOException {
        return Config.load(Optional.of(write(yaml)), Map.of());
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), yaml);
    }
}
