// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import dev.plimsoll.config.Secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The signature of every BigBlueButton call: a digest over call name, raw query and shared secret.
///
/// The query is hashed exactly as it came over the wire; see §1 of the API reference. Pure functions.
public final class Checksum {

    /// A digest BigBlueButton knows, recognised by the length of its hex form.
    public enum Algorithm {
        SHA1("SHA-1", 40),
        SHA256("SHA-256", 64),
        SHA384("SHA-384", 96),
        SHA512("SHA-512", 128);

        private static final Algorithm[] ALL = values();

        private final String javaName;
        private final int hexLength;

        Algorithm(String javaName, int hexLength) {
            this.javaName = javaName;
            this.hexLength = hexLength;
        }

        /// The algorithm whose digests have this many hex digits.
        public static Optional<Algorithm> ofHexLength(int length) {
            for (Algorithm algorithm : ALL) {
                if (algorithm.hexLength == length) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }

        /// The algorithm by the name that BigBlueButton's settings use, such as `sha256`.
        public static Optional<Algorithm> named(String name) {
            return Arrays.stream(ALL)
                    .filter(a -> a.settingName().equalsIgnoreCase(name.strip()))
                    .findFirst();
        }

        /// The name as in BigBlueButton's `supportedChecksumAlgorithms`.
        public String settingName() {
            return name().toLowerCase(Locale.ROOT);
        }

        byte[] digest(String call, String query, Secret secret) {
            try {
                var digest = MessageDigest.getInstance(javaName);
                digest.update(call.getBytes(StandardCharsets.UTF_8));
                digest.update(query.getBytes(StandardCharsets.UTF_8));
                return digest.digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has " + javaName, e);
            }
        }
    }

    private Checksum() {}

    /// The checksum of a call, in lower-case hex.
    ///
    /// @param query the query string as it will be sent, without the checksum
    public static String of(Algorithm algorithm, String call, String query, Secret secret) {
        return HexFormat.of().formatHex(algorithm.digest(call, query, secret));
    }

    /// The query with the checksum appended, ready to be sent.
    public static String signed(Algorithm algorithm, String call, String query, Secret secret) {
        String checksum = of(algorithm, call, query, secret);
        return query.isEmpty() ? "checksum=" + checksum : query + "&checksum=" + checksum;
    }

    /// Whether the checksum fits the call and one of the secrets. Takes the same time for every secret and
    /// every wrong digit.
    ///
    /// @param query the raw query without the checksum, see [#cut]
    public static boolean matches(
            String checksum,
            String call,
            String query,
            Collection<Secret> secrets,
            Set<Algorithm> allowed) {
        var algorithm = Algorithm.ofHexLength(checksum.length()).filter(allowed::contains);
        byte[] given = hexBytes(checksum);
        if (algorithm.isEmpty() || given.length == 0) {
            return false;
        }
        boolean found = false;
        for (Secret secret : secrets) {
            found |= MessageDigest.isEqual(given, algorithm.get().digest(call, query, secret));
        }
        return found;
    }

    /// Whether the caller's word for the digest, a parameter `checksumHash`, fits the checksum it sent.
    // b3lb: has that parameter; BigBlueButton goes by the length alone
    public static boolean isOf(String checksumHash, String checksum) {
        return Algorithm.named(checksumHash)
                .filter(named -> named.hexLength == checksum.length())
                .isPresent();
    }

    /// The raw query with the checksum taken out, wherever it stood: three literal replacements, as
    /// BigBlueButton 2.5 and later do it.
    public static String cut(String rawQuery, String checksum) {
        int at = rawQuery.indexOf("checksum=");
        if (at < 0 || checksum.isEmpty()) {
            return rawQuery;
        }
        String pair = "checksum=" + checksum;
        if (at > 0
                && at + pair.length() == rawQuery.length()
                && rawQuery.startsWith("&" + pair, at - 1)) {
            return rawQuery.substring(0, at - 1); // the usual form, last in the query
        }
        return rawQuery.replace("&" + pair, "").replace(pair + "&", "").replace(pair, "");
    }

    private static byte[] hexBytes(String checksum) {
        try {
            // BBB: upper-case digits are accepted since 2.5
            return HexFormat.of().parseHex(checksum);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
