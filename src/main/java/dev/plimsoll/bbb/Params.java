// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The parameters of one call, in the order they were sent, each with its raw encoding.
///
/// What is not changed keeps its bytes: a checksum covers the raw query, and clients differ in what they
/// encode. Names may repeat; BigBlueButton looks at the first. Immutable. `toString` names parameters
/// but shows no values, since these hold names of people and passwords.
public final class Params implements Iterable<Params.Param> {

    /// No parameters.
    public static final Params NONE = new Params(List.of());

    /// One parameter: decoded name and value, and the text that stood in the query.
    public record Param(String name, String value, String raw) {

        static Param of(String name, String value) {
            return new Param(name, value, encode(name) + "=" + encode(value));
        }

        static Param parse(String raw) {
            int equals = raw.indexOf('=');
            return equals < 0
                    ? new Param(decode(raw), "", raw)
                    : new Param(
                            decode(raw.substring(0, equals)),
                            decode(raw.substring(equals + 1)),
                            raw);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Param> list;

    private Params(List<Param> list) {
        this.list = list;
    }

    /// Reads a raw query string or a form body. Never fails: a malformed `%` stands for itself.
    public static Params parse(String query) {
        if (query.isEmpty()) {
            return NONE;
        }
        var list = new ArrayList<Param>(16);
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) {
                end = query.length();
            }
            if (end > start) {
                list.add(Param.parse(query.substring(start, end)));
            }
            start = end + 1;
        }
        return new Params(list);
    }

    /// Parameters from names and values in turn, for calls that we make ourselves.
    public static Params of(String... namesAndValues) {
        var list = new ArrayList<Param>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            list.add(Param.of(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Params(list);
    }

    /// The first value of that name; may be empty text.
    public Optional<String> find(String name) {
        for (Param param : list) {
            if (param.name.equals(name)) {
                return Optional.of(param.value);
            }
        }
        return Optional.empty();
    }

    /// The first value of that name, unless it is empty text.
    public Optional<String> filled(String name) {
        return find(name).filter(value -> !value.isEmpty());
    }

    /// The first value of that name, or the fallback.
    public String get(String name, String fallback) {
        return find(name).orElse(fallback);
    }

    /// All values of that name, in order.
    public List<String> all(String name) {
        return list.stream().filter(param -> param.name.equals(name)).map(Param::value).toList();
    }

    /// These parameters with one value for that name, at the place of the first, else at the end.
    public Params with(String name, String value) {
        var changed = new ArrayList<Param>(list.size() + 1);
        boolean placed = false;
        for (Param param : list) {
            if (!param.name.equals(name)) {
                changed.add(param);
            } else if (!placed) {
                changed.add(Param.of(name, value));
                placed = true;
            }
        }
        if (!placed) {
            changed.add(Param.of(name, value));
        }
        return new Params(changed);
    }

    /// These parameters without those of that name.
    public Params without(String name) {
        return only(param -> !param.name.equals(name));
    }

    /// The parameters that the test lets through.
    public Params only(Predicate<Param> test) {
        var kept = new ArrayList<Param>(list.size());
        for (Param param : list) {
            if (test.test(param)) {
                kept.add(param);
            }
        }
        return kept.size() == list.size() ? this : new Params(kept);
    }

    /// These parameters, then the others. BigBlueButton reads the query before the form body.
    public Params and(Params others) {
        if (others.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return others;
        }
        var both = new ArrayList<>(list);
        both.addAll(others.list);
        return new Params(both);
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return list.isEmpty();
    }

    /// How many there are.
    public int size() {
        return list.size();
    }

    /// As a query string: what came raw goes out raw.
    public String query() {
        var query = new StringBuilder(64 * list.size());
        for (Param param : list) {
            if (!query.isEmpty()) {
                query.append('&');
            }
            query.append(param.raw);
        }
        return query.toString();
    }

    @Override
    public Iterator<Param> iterator() {
        return list.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Params params && list.equals(params.list);
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }

    /// The names only, never the values.
    @Override
    public String toString() {
        return list.toString();
    }

    /// Percent-encodes everything but letters, digits and `-._~*`, blanks as `+`, as a browser's form does.
    public static String encode(String text) {
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c == ' ') {
                encoded.append('+');
            } else if (isUnreserved(c)) {
                encoded.append((char) c);
            } else {
                percent(encoded, c);
            }
        }
        return encoded.toString();
    }

    /// Decodes `+` and `%XX` as UTF-8. A malformed `%` stands for itself, malformed UTF-8 becomes U+FFFD.
    public static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isEscape(text, i)) {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else if (c == '+') {
                bytes.write(' ');
            } else if (c < 0x80) {
                bytes.write(c);
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
                bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end - 1;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// A raw query made fit for a URI: what must not stand in one is percent-encoded, the rest stays as it is.
    public static String uriSafe(String query) {
        for (int i = 0; i < query.length(); i++) {
            if (!isUriSafe(query, i)) {
                return encodeUnsafe(query);
            }
        }
        return query;
    }

    private static String encodeUnsafe(String query) {
        var safe = new StringBuilder(query.length() + 32);
        for (int i = 0; i < query.length(); ) {
            int end = query.offsetByCodePoints(i, 1);
            if (isUriSafe(query, i)) {
                safe.append(query, i, end);
            } else {
                for (byte b : query.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    percent(safe, b & 0xff);
                }
            }
            i = end;
        }
        return safe.toString();
    }

    private static void percent(StringBuilder out, int c) {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }

    private static final String HEX = "0123456789ABCDEF";

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~*".indexOf(c) >= 0;
    }

    private static final BitSet URI_SAFE = uriSafeCharacters();

    private static BitSet uriSafeCharacters() {
        var safe = new BitSet();
        safe.set('!', 0x7f);
        "\"<>\\^`{|}#".chars().forEach(safe::clear);
        return safe;
    }

    private static boolean isUriSafe(String query, int at) {
        char c = query.charAt(at);
        return c == '%' ? isEscape(query, at) : URI_SAFE.get(c);
    }

    /// Whether a `%` with two hex digits stands there. Digits of other scripts are none.
    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '%'
                && at + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }
}
