// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.MeetingsReply;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// A server's last usable list of meetings, kept compactly: a hundred meetings take some 10 kB. Immutable.
public final class LastAnswer {

    /// No meetings, or nothing heard yet.
    static final LastAnswer EMPTY = of(List.of());

    private final byte[] packed;

    LastAnswer(byte[] packed) {
        this.packed = packed;
    }

    static LastAnswer of(List<MeetingsReply.Listed> meetings) {
        byte[] document =
                MeetingsReply.write(meetings.stream().map(MeetingsReply.Listed::xml).toList());
        var bytes = new ByteArrayOutputStream(document.length / 8 + 64);
        try (var out = new DeflaterOutputStream(bytes)) {
            out.write(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LastAnswer(bytes.toByteArray());
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
