// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

final class ParamsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=Algebra+1&meetingID=alg-1",
                "name=Algebra%201&meetingID=alg-1",
                "name=Alg%c3%a8bre&name=Alg%C3%A8bre",
                "a&b=&=c&a=1=2",
                "userdata-x=a%zz%&y=%",
                "name=Jörg 😀"
            })
    void whatIsNotChangedKeepsItsBytesAndItsOrder(String query) {
        assertThat(Params.parse(query).query()).isEqualTo(query);
    }

    @Test
    void emptyPartsAreNoParameters() {
        assertThat(Params.parse("&&a=1&&b=2&").query()).isEqualTo("a=1&b=2");
        assertThat(Params.parse("").isEmpty()).isTrue();
        assertThat(Params.parse("&").isEmpty()).isTrue();
    }

    @Test
    void ofARepeatedNameTheFirstValueCounts() {
        var params = Params.parse("record=true&x=1&record=false");
        assertThat(params.find("record")).contains("true");
        assertThat(params.all("record")).containsExactly("true", "false");
        assertThat(params.size()).isEqualTo(3);
    }

    @Test
    void anEmptyValueIsFoundButNotFilled() {
        var params = Params.parse("name=&flag");
        assertThat(params.find("name")).contains("");
        assertThat(params.find("flag")).contains("");
        assertThat(params.filled("name")).isEmpty();
        assertThat(params.find("absent")).isEmpty();
        assertThat(params.get("absent", "fallback")).isEqualTo("fallback");
    }

    @Test
    void aChangedParameterStaysAtItsPlaceAndTheOthersKeepTheirBytes() {
        var params = Params.parse("a=%41&id=old&b=x+y&id=older&c=%c3%a8");
        assertThat(params.with("id", "new one").query())
                .isEqualTo("a=%41&id=new+one&b=x+y&c=%c3%a8");
        assertThat(params.with("d", "ü").query()).endsWith("&c=%c3%a8&d=%C3%BC");
        assertThat(params.without("id").query()).isEqualTo("a=%41&b=x+y&c=%c3%a8");
        assertThat(params.query()).isEqualTo("a=%41&id=old&b=x+y&id=older&c=%c3%a8");
    }

    @Test
    void theQueryComesBeforeTheForm() {
        var both = Params.parse("a=query").and(Params.parse("a=form&b=2"));
        assertThat(both.find("a")).contains("query");
        assertThat(both.query()).isEqualTo("a=query&a=form&b=2");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    Algebra+1,           Algebra 1
                    Algebra%201,         Algebra 1
                    1%2B1,               1+1
                    Alg%c3%a8bre,        Algèbre
                    %F0%9F%98%80,        😀
                    😀+%F0%9F%98%80,     😀 😀
                    è%20ü,               è ü
                    100%,                100%
                    100%2,               100%2
                    %zz%4g,              %zz%4g
                    %25zz,               %zz
                    %٤١,                 %٤١
                    %C3,                 �
                    %C3%28,              �(
                    """)
    void decodesWhatBrowsersAndLibrariesSend(String raw, String value) {
        assertThat(Params.decode(raw)).isEqualTo(value);
    }

    @Test
    void showsNamesButNoValues() {
        var params = Params.parse("fullName=Ada&password=geheim");
        assertThat(params).hasToString("[fullName, password]");
        assertThat("" + params.iterator().next()).isEqualTo("fullName");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=Jörg 😀&x=<\"{|}^`\\>#",
                "a=%",
                "a=%z1&b=%1",
                "a=100%&b=%41%2",
                "a=[1]&b='()*!~;/?:@$,",
                "a=\u0001\u007f\u0085",
                "a=\ud800"
            })
    void aQueryMadeUriSafeIsTakenByAUriAndDecodesTheSame(String query) {
        String safe = Params.uriSafe(query);
        assertThat(URI.create("https://bbb.example.org/x?" + safe).getRawQuery()).isEqualTo(safe);
        if (!query.contains("\ud800")) {
            assertThat(Params.decode(safe)).isEqualTo(Params.decode(query));
        }
    }

    @Test
    void aQueryThatIsUriSafeStaysAsItIs() {
        String query = "a=%c3%a8+x&b=~*!'()[]&&c";
        assertThat(Params.uriSafe(query)).isSameAs(query);
    }

    private final Random random = new Random(20261120);

    @Test
    void anyTextSurvivesEncodingAndDecoding() {
        for (int i = 0; i < 5_000; i++) {
            String text = anyText(20);
            String encoded = Params.encode(text);
            assertThat(Params.decode(encoded)).isEqualTo(text);
            assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(text);
            assertThat(encoded).matches("[A-Za-z0-9._~*+%-]*");
        }
    }

    @Test
    void anyQueryWithoutEmptyPartsSurvivesReadingAndWriting() {
        for (int i = 0; i < 5_000; i++) {
            String query = anyQuery();
            assertThat(Params.parse(query).query()).isEqualTo(query);
            assertThat(Params.parse(Params.parse(query).query())).isEqualTo(Params.parse(query));
            assertThatCode(() -> URI.create("http://h/?" + Params.uriSafe(query)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aParameterThatWasSetIsFoundOnceAndOneThatWasRemovedIsNot() {
        for (int i = 0; i < 2_000; i++) {
            var params = Params.parse(anyQuery());
            String name =
                    i % 2 == 0 || params.isEmpty() ? anyText(3) : params.iterator().next().name();
            String value = anyText(10);
            var with = params.with(name, value);
            assertThat(with.all(name)).containsExactly(value);
            assertThat(Params.parse(with.query()).all(name)).containsExactly(value);
            assertThat(with.without(name)).isEqualTo(params.without(name));
            assertThat(params.without(name).find(name)).isEmpty();
        }
    }

    private String anyQuery() {
        var query = new StringBuilder();
        int parts = random.nextInt(5);
        for (int i = 0; i < parts; i++) {
            query.append(i == 0 ? "" : "&").append(raw(1 + random.nextInt(6))).append('=');
            query.append(raw(random.nextInt(8)));
        }
        return query.toString();
    }

    private String raw(int length) {
        String alphabet = "abAB01%%+=-~é😀 <[;";
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    alphabet.codePointAt(
                            alphabet.offsetByCodePoints(
                                    0,
                                    random.nextInt(
                                            alphabet.codePointCount(0, alphabet.length())))));
        }
        return text.toString();
    }

    private String anyText(int most) {
        return random.ints(random.nextInt(most + 1), 0, 0x11000)
                .map(c -> random.nextInt(4) == 0 ? c : c % 0x100)
                .filter(c -> c < 0xd800 || c > 0xdfff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
