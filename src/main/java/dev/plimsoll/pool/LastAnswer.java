// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.MeetingsReply;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// A server's last usable list of meetings, kept compactly: a hundred meetings take some 10 kB. Immutable.
public final class LastAnswer {

    /// No meetings, or nothing heard yet.
    static final LastAnswer EMPTY = of(List.of());

    /// A sixth larger than by the usual level, in half the time.
    private static final int LEVEL = 3;

    private final byte[] packed;
    private final OptionalLong print;

    private LastAnswer(byte[] packed, OptionalLong print) {
        this.packed = packed;
        this.print = print;
    }

    /// What [#packed] gave.
    LastAnswer(byte[] packed) {
        this(packed, OptionalLong.empty());
    }

    static LastAnswer of(List<MeetingsReply.Listed> meetings) {
        return new LastAnswer(pack(meetings), OptionalLong.of(print(meetings)));
    }

    /// The answer after this one. Where little happens it is this one again, and is not packed anew.
    LastAnswer then(List<MeetingsReply.Listed> meetings) {
        return print.equals(OptionalLong.of(print(meetings))) ? this : of(meetings);
    }

    /// A fingerprint of the meetings, word for word.
    private static long print(List<MeetingsReply.Listed> meetings) {
        long print = 1;
        for (var meeting : meetings) {
            print = print * 0x9E37_79B9_7F4A_7C15L + meeting.xml().hashCode();
        }
        return print;
    }

    private static byte[] pack(List<MeetingsReply.Listed> meetings) {
        byte[] document =
                MeetingsReply.write(meetings.stream().map(MeetingsReply.Listed::xml).toList());
        var bytes = new ByteArrayOutputStream(document.length / 8 + 64);
        var deflater = new Deflater(LEVEL);
        try (var out = new DeflaterOutputStream(bytes, deflater, 8_192)) {
            out.write(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /// The meetings, word for word as the server listed them.
    public List<MeetingsReply.Listed> meetings() {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return MeetingsReply.read(in.readAllBytes()) instanceof MeetingsReply.Meetings(var list)
                    ? list
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] packed() {
        return packed;
    }

    boolean sameAs(LastAnswer other) {
        return java.util.Arrays.equals(packed, other.packed);
    }
}
