// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

final class XmlReadingTest {

    private static final XmlLimits SMALL = new XmlLimits(4, 20, 100);

    @Test
    void readsWhatServersAnswer() throws Exception {
        var info = XmlReading.parse(Samples.bytes("11-get-meeting-info.xml"), XmlLimits.ANSWER);
        assertThat(info.name()).isEqualTo("response");
        assertThat(info.textOf("meetingName")).isEqualTo("Maths <101>");
        assertThat(info.numberOf("createTime")).isEqualTo(1772546709112L);
        assertThat(info.flagOf("recording")).isTrue();
        assertThat(info.flagOf("isBreakout")).isFalse();
        assertThat(info.child("metadata").orElseThrow().textOf("endcallbackurl"))
                .isEqualTo("https://lms.example.org/ended?course=7&k=1");
        assertThat(info.child("attendees").orElseThrow().children())
                .extracting(attendee -> attendee.textOf("fullName"))
                .containsExactly("Ada Lindqvist", "Bo & Co", "+49 30 5550 1");
        assertThat(info.textOf("absent")).isEmpty();
        assertThat(info.numberOf("absent")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"37c-hooks-list.xml", "19-get-recordings.xml", "15-get-meetings-empty.xml"})
    void readsOtherAnswersToo(String sample) throws Exception {
        assertThat(XmlReading.parse(Samples.bytes(sample), XmlLimits.ANSWER).textOf("returncode"))
                .isEqualTo("SUCCESS");
    }

    @Test
    void readsDeclarationsAttributesCdataAndComments() throws Exception {
        var root =
                parse(
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <!-- x --><modules><module name="a&amp;b" url='u'><![CDATA[<raw> & ]]>t<!-- y -->ail &#x1F600;</module></modules>
                        """);
        var module = root.child("module").orElseThrow();
        assertThat(module.attributes()).isEqualTo(Map.of("name", "a&b", "url", "u"));
        assertThat(module.text()).isEqualTo("<raw> & tail 😀");
    }

    @Test
    void readsWhatItsDeclarationSaysItIsEncodedIn() throws Exception {
        String text = "<?xml version='1.0' encoding='ISO-8859-1'?><a>Zoë</a>";
        assertThat(
                        XmlReading.parse(text.getBytes(StandardCharsets.ISO_8859_1), XmlLimits.BODY)
                                .text())
                .isEqualTo("Zoë");
        assertThat(parse("\uFEFF<a>Zoë</a>").text()).isEqualTo("Zoë");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a><a/>",
                "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
                "<?xml version='1.0'?><!-- c --><!DOCTYPE html PUBLIC '-//W3C//DTD' 'http://127.0.0.1:9/x.dtd'><html/>",
                "<a>&x;</a>",
                "<a>&nbsp;</a>",
                "<a b='&x;'/>",
                "<a><!DOCTYPE a></a>",
                "<a>%x;</a",
            })
    void takesNoDoctypeAndNoEntities(String document) {
        assertMalformed(document);
    }

    @Test
    void aBillionLaughsAreOverAtOnce() {
        var bomb = new StringBuilder("<!DOCTYPE lolz [<!ENTITY lol \"lol\">");
        for (int i = 1; i < 10; i++) {
            String before = "&lol" + (i == 1 ? "" : i - 1) + ";";
            bomb.append("<!ENTITY lol%d \"%s\">".formatted(i, before.repeat(10)));
        }
        long start = System.nanoTime();
        assertMalformed(bomb + "]><lolz>&lol9;</lolz>");
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
    }

    @Test
    void noFileIsRead(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("passwd"), "root:secret");
        for (String reference : new String[] {"SYSTEM '%s'", "PUBLIC 'x' '%s'"}) {
            String where = reference.formatted(file.toUri());
            assertThatThrownBy(
                            () -> parse("<!DOCTYPE a [<!ENTITY x %s>]><a>&x;</a>".formatted(where)))
                    .isInstanceOf(MalformedXml.class)
                    .hasMessageNotContaining("secret");
            assertMalformed("<!DOCTYPE a %s><a/>".formatted(where));
        }
        assertThat(Files.readString(file)).isEqualTo("root:secret");
    }

    @Test
    void noAddressIsAsked() throws IOException {
        try (var trap = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:%d/x".formatted(trap.getLocalPort());
            assertMalformed("<!DOCTYPE a SYSTEM '%s'><a/>".formatted(url));
            assertMalformed("<!DOCTYPE a [<!ENTITY x SYSTEM '%s'>]><a>&x;</a>".formatted(url));
            assertMalformed("<!DOCTYPE a [<!ENTITY %% p SYSTEM '%s'>%%p;]><a/>".formatted(url));
            assertMalformed("<a b='&x;'>&x;<c/></a>");
            trap.setSoTimeout(50);
            assertThatThrownBy(trap::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anXincludeOrSchemaLocationIsJustAnElement() throws Exception {
        assertThat(
                        parse(
                                        "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd'/></a>")
                                .children())
                .hasSize(1)
                .allSatisfy(include -> assertThat(include.text()).isEmpty());
    }

    @Test
    void nestingEndsAtTheLimit() throws Exception {
        assertThat(XmlReading.parse(nested(4), SMALL).children()).hasSize(1);
        assertMalformed(nested(5), SMALL);
        assertMalformed(nested(1_000_000), XmlLimits.ANSWER);
    }

    private static byte[] nested(int depth) {
        return utf8("<a>".repeat(depth) + "</a>".repeat(depth));
    }

    @Test
    void elementsAreCounted() throws Exception {
        assertThat(XmlReading.parse(utf8("<a>" + "<b/>".repeat(19) + "</a>"), SMALL).children())
                .hasSize(19);
        assertMalformed(utf8("<a>" + "<b/>".repeat(20) + "</a>"), SMALL);
    }

    @Test
    void aTextOrAttributeEndsAtTheLimit() throws Exception {
        assertThat(XmlReading.parse(utf8("<a>" + "x".repeat(100) + "</a>"), SMALL).text())
                .hasSize(100);
        assertThat(XmlReading.parse(utf8("<a>" + "x<!-- -->".repeat(100) + "</a>"), SMALL).text())
                .hasSize(100);
        assertMalformed(utf8("<a>" + "x".repeat(101) + "</a>"), SMALL);
        assertMalformed(utf8("<a>" + "x<!-- -->".repeat(101) + "</a>"), SMALL);
        assertMalformed(utf8("<a>" + "<![CDATA[xx]]>".repeat(51) + "</a>"), SMALL);
        assertMalformed(utf8("<a b='" + "x".repeat(101) + "'/>"), SMALL);
        assertMalformed(utf8("<a>" + "x".repeat(1_000_001) + "</a>"), XmlLimits.ANSWER);
    }

    @Test
    void slidesInAPostedBodyAreTaken() throws Exception {
        String slides = "QUJD".repeat(2_500_000);
        var body =
                XmlReading.parse(
                        utf8("<modules><document>" + slides + "</document></modules>"),
                        XmlLimits.BODY);
        assertThat(body.textOf("document")).hasSize(slides.length());
    }

    @Test
    void aTruncatedDocumentIsMalformedWhereverItEnds() {
        byte[] whole = Samples.bytes("11-get-meeting-info.xml");
        for (int length = 0; length < whole.length - 1; length++) {
            assertMalformed(java.util.Arrays.copyOf(whole, length), XmlLimits.ANSWER);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "garbage",
                "{\"response\": {}}",
                "<html><body><p>502 Bad Gateway<br></body></html>",
                "<a/><b/>",
                "<a/>tail",
                "<a></b>",
                "<a b=c/>",
                "<a>\u0000</a>",
                "<a>\u0001</a>",
                "<a>&#0;</a>",
                "<a>&#xD800;</a>"
            })
    void whatIsNoXmlIsMalformed(String document) {
        assertMalformed(document);
    }

    @Test
    void noGarbageBreaksIt() {
        var random = new Random(20261120);
        byte[] sample = Samples.bytes("14-get-meetings.xml");
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = sample.clone();
            for (int n = random.nextInt(1, 10); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            byte[] noise = new byte[random.nextInt(1, 200)];
            random.nextBytes(noise);
            parsesOrIsMalformed(damaged);
            parsesOrIsMalformed(noise);
        }
    }

    private static void parsesOrIsMalformed(byte[] document) {
        try {
            assertThat(XmlReading.parse(document, XmlLimits.ANSWER)).isNotNull();
        } catch (MalformedXml e) {
            assertThat(e).hasMessageStartingWith("not well-formed XML");
        }
    }

    @Test
    void whatIsSaidOfAMalformedDocumentHoldsNothingOfIt() {
        assertThatThrownBy(() -> parse("<a>\n<password>geheim</pass>"))
                .isInstanceOf(MalformedXml.class)
                .hasMessage("not well-formed XML at line 2")
                .hasNoCause();
    }

    private static Element parse(String document) throws MalformedXml {
        return XmlReading.parse(utf8(document), XmlLimits.BODY);
    }

    private static void assertMalformed(String document) {
        assertMalformed(utf8(document), XmlLimits.BODY);
    }

    private static void assertMalformed(byte[] document, XmlLimits limits) {
        assertThatThrownBy(() -> XmlReading.parse(document, limits))
                .isInstanceOf(MalformedXml.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
