// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Against the vectors of real servers (§1.7 of the API reference), since our client and our gateway share this
/// code and would agree on a mistake.
final class ChecksumTest {

    private static final Set<Algorithm> ALL = EnumSet.allOf(Algorithm.class);
    private static final Secret SECRET = new Secret("conformance-secret-0123456789");

    @ParameterizedTest
    @CsvSource({
        "SHA1,1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17",
        "SHA256,da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e",
        "SHA384,891ac633df39d0a1b4f8d597f3e190833216c4b29c4fb51ea3ca72757eeb958d6e7b49a845cf29f5c6019c7d29d029d1",
        "SHA512,de73ad61d11a5c801b68d4bd6ec5248546085cefb0b25c85f3c46249ea93a3a4b120f92c0a8a58d7512cb77821884951a3b01245f3435dbbef49fff3cc3988b4"
    })
    void agreesWithTheDocumentationsExample(Algorithm algorithm, String expected) {
        var secret = new Secret("639259d4-9dd8-4b25-bf01-95f9567eaf4b");
        String query = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444";
        assertThat(Checksum.of(algorithm, "create", query, secret)).isEqualTo(expected);
        assertThat(Checksum.matches(expected, "create", query, List.of(secret), ALL)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            textBlock =
                    """
                    getMeetings,      '',                                                0c70d899996186cbdd02635509ef9178cc751ef2
                    create,           name=Algebra+1&meetingID=alg-1,                    b25a99e05dc5ef6f046bb6185e5b0c74aba1dd09
                    create,           name=Algebra%201&meetingID=alg-1,                  52915fc826d39fa341b49f3856e36b21b7f05acc
                    create,           meetingID=alg-1&name=Algebra+1,                    23f2e4cbe82f97de92b694c54ae9a7f90322903b
                    create,           name=Alg%C3%A8bre&meetingID=alg-1,                 1c0195c2a33cab22fd9e846179c6eab4cdd30acf
                    create,           name=Alg%c3%a8bre&meetingID=alg-1,                 0bc6126604a82562fbd9ca707c2a3be75fc68a50
                    create,           '',                                                19c9568ffd2f8142c47d276bb0648c9eff04bccd
                    join,             fullName=Ada+L&meetingID=alg-1&role=MODERATOR,     a8213b820efcbe6f8fb5f5f3089aeef9c17392d2
                    join,             fullName=Ada+L&meetingID=alg-1&role=MODERATOR&redirect=false, 92e4c60869b4368d2c15217fef1c9ba338beda1d
                    isMeetingRunning, meetingID=alg-1,                                   2029baf24635ff80038dadcda5af5b70cb58df23
                    getMeetingInfo,   meetingID=alg-1,                                   3a1b51121f8d265320ef759324df6000ffa8e460
                    end,              meetingID=alg-1,                                   3a7811d02fdae07ab9ca1e7128be6260f4f594f5
                    getRecordings,    '',                                                ab5af281c49af3cdd0a74b4ccb3efff7076ffe00
                    hooks/create,     callbackURL=https%3A%2F%2Flms.example.org%2Fhook,  a9911ee31a4dd7616e43e6361b67db86b3cabf27
                    hooks/list,       '',                                                2cd6bc1b305b5e6d14646591179fede2f7d11f54
                    getMeetings,      '', 4af0c0dc8876df3338f8bd729aa6a009ab67c8bbc488f0c6a5af4c271d57414d
                    getMeetings,      '', b72ecf0512785a6e4849f2118fa77f6ec8030d70a24f1bdacd03873a80f995728dc0bd6fd216f89988e3c9816633010c
                    getMeetings,      '', 8097d1be5a37fea72a4125805b499a5d02218e7100758cc82cb39c9ac292e9cd05a3717f3527a15cd1e3172ce93f5252e6449a19b4ff824318f2e21a3052caa9
                    """)
    void agreesWithRealServers(String call, String query, String expected) {
        var algorithm = Algorithm.ofHexLength(expected.length()).orElseThrow();
        assertThat(Checksum.of(algorithm, call, query, SECRET)).isEqualTo(expected);
        assertThat(Checksum.matches(expected, call, query, List.of(SECRET), ALL)).isTrue();
        assertThat(Checksum.matches(upper(expected), call, query, List.of(SECRET), ALL))
                .as("upper-case digits, as BBB 2.5 and later take them")
                .isTrue();
        assertThat(Checksum.matches(expected, call, query + "&x=1", List.of(SECRET), ALL))
                .isFalse();
        assertThat(Checksum.matches(expected, call + "x", query, List.of(SECRET), ALL)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            textBlock =
                    """
                    checksum=C,                       ''
                    &checksum=C,                      ''
                    a=1&checksum=C,                   a=1
                    checksum=C&a=1,                   a=1
                    a=1&checksum=C&b=2,               a=1&b=2
                    a=1&&checksum=C,                  a=1&
                    &a=1&checksum=C,                  &a=1
                    a=1&checksum=C&,                  a=1&
                    a=1&checksum=C&checksum=C,        a=1
                    checksum=C&checksum=C,            ''
                    a=1&checksum=C&checksum=D,        a=1&checksum=D
                    a=1&checksum=D,                   a=1&checksum=D
                    xchecksum=C&a=1,                  xa=1
                    a=1&xchecksum=C,                  a=1&x
                    a=checksum=&checksum=C,           a=checksum=
                    a=1,                              a=1
                    '',                               ''
                    """)
    void isCutOutAsBigBlueButtonDoesIt(String query, String hashed) {
        // A digest in place of C, so that it is not found in other words.
        String c = "0c70d899996186cbdd02635509ef9178cc751ef2";
        String d = "ab5af281c49af3cdd0a74b4ccb3efff7076ffe00";
        assertThat(Checksum.cut(real(query, c, d), c)).isEqualTo(real(hashed, c, d));
    }

    private static String real(String query, String c, String d) {
        return query.replace("=C", "=" + c).replace("=D", "=" + d);
    }

    @Test
    void itIsCutOutWhereverItStands() {
        var random = new java.util.Random(20261120);
        String letters = "aZ09-_.~+%&=%25;/?é🙂\"<'";
        for (int i = 0; i < 2000; i++) {
            var parts = new java.util.ArrayList<String>();
            for (int n = random.nextInt(5); n >= 0; n--) {
                var part = new StringBuilder("p").append(n).append('=');
                random.ints(random.nextInt(12), 0, letters.codePointCount(0, letters.length()))
                        .map(at -> letters.codePointAt(letters.offsetByCodePoints(0, at)))
                        .forEach(part::appendCodePoint);
                parts.add(part.toString());
            }
            String plain = String.join("&", parts);
            String checksum = Checksum.of(Algorithm.SHA256, "create", plain, SECRET);
            parts.add(random.nextInt(parts.size() + 1), "checksum=" + checksum);
            String signed = String.join("&", parts);
            assertThat(Checksum.cut(signed, checksum)).as(signed).isEqualTo(plain);
        }
    }

    @Test
    void anEmptyChecksumCutsNothingAndMatchesNothing() {
        assertThat(Checksum.cut("a=1&checksum=", "")).isEqualTo("a=1&checksum=");
        assertThat(Checksum.matches("", "getMeetings", "", List.of(SECRET), ALL)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0c70d899996186cbdd02635509ef9178cc751ef",
                "0c70d899996186cbdd02635509ef9178cc751ef2a",
                "0c70d899996186cbdd02635509ef9178cc751ef3",
                "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
                "0c70d899996186cbdd02635509ef9178cc751e😀",
                " 0c70d899996186cbdd02635509ef9178cc751ef",
                "٠c70d899996186cbdd02635509ef9178cc751ef2",
                "0c"
            })
    void whatIsNotTheChecksumDoesNotMatch(String wrong) {
        assertThat(Checksum.matches(wrong, "getMeetings", "", List.of(SECRET), ALL)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anAlgorithmThatIsNotAllowedDoesNotMatch(Algorithm algorithm) {
        String checksum = Checksum.of(algorithm, "getMeetings", "", SECRET);
        var others = EnumSet.complementOf(EnumSet.of(algorithm));
        assertThat(matches(checksum, List.of(SECRET), others)).isFalse();
        assertThat(matches(checksum, List.of(SECRET), Set.of())).isFalse();
        assertThat(matches(checksum, List.of(SECRET), Set.of(algorithm))).isTrue();
    }

    @Test
    void anyOfSeveralSecretsWillDo() {
        var older = new Secret("older");
        var oldest = new Secret("oldest");
        String checksum = Checksum.of(Algorithm.SHA256, "getMeetings", "", older);
        assertThat(matches(checksum, List.of(SECRET, older, oldest), ALL)).isTrue();
        assertThat(matches(checksum, List.of(older), ALL)).isTrue();
        assertThat(matches(checksum, List.of(SECRET, oldest), ALL)).isFalse();
        assertThat(matches(checksum, List.of(), ALL)).isFalse();
    }

    @Test
    void textsAreHashedAsUtf8() {
        assertThat(Checksum.of(Algorithm.SHA1, "join", "fullName=Zoë 😀", new Secret("sé")))
                // printf 'joinfullName=Zoë 😀sé' | sha1sum
                .isEqualTo("f98628275f00d0760420142b50e8aa608a8cc02a");
    }

    @ParameterizedTest
    @EnumSource
    void whatWeSignIsWhatWeAccept(Algorithm algorithm) {
        for (String query : List.of("", "meetingID=a%20b&name=x+y")) {
            String signed = Checksum.signed(algorithm, "create", query, SECRET);
            String checksum = Params.parse(signed).get("checksum", "");
            assertThat(Checksum.cut(signed, checksum)).isEqualTo(query);
            assertThat(Checksum.matches(checksum, "create", query, List.of(SECRET), ALL)).isTrue();
        }
    }

    @Test
    void algorithmsAreNamedAsInBigBlueButtonsSettings() {
        assertThat(Algorithm.named("sha256")).contains(Algorithm.SHA256);
        assertThat(Algorithm.named(" SHA512 ")).contains(Algorithm.SHA512);
        assertThat(Algorithm.named("sha-1")).isEmpty();
        assertThat(Algorithm.named("md5")).isEmpty();
    }

    private static boolean matches(String checksum, List<Secret> secrets, Set<Algorithm> allowed) {
        return Checksum.matches(checksum, "getMeetings", "", secrets, allowed);
    }

    private static String upper(String hex) {
        return hex.toUpperCase(Locale.ROOT);
    }
}
