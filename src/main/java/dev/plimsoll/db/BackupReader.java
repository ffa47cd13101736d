// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads what [BackupWriter] wrote, line by line, and notices when any of it is missing or changed.
final class BackupReader implements AutoCloseable {

    /// The file is not a backup that we know, or not a whole one. The text is for the operator and holds nothing of the file.
    static final class Damaged extends RuntimeException {
        private static final long serialVersionUID = 1;

        Damaged(String message) {
            super(message);
        }

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// What stands between the first line and the last.
    sealed interface Line {}

    /// A generated file of the data directory.
    record Generated(String name, String text) implements Line {}

    /// A row of a table.
    ///
    /// @param size of the line in bytes
    record Row(String table, JsonNode columns, int size) implements Line {}

    /// Says whether there is more behind the end of what was packed; its base overlooks what it cannot unpack.
    private static final class Unpacked extends GZIPInputStream {

        private static final int TRAILER = 8;

        Unpacked(InputStream raw) throws IOException {
            super(raw, 64 * 1024);
        }

        boolean isFollowed() throws IOException {
            return inf.getRemaining() > TRAILER || in.read() >= 0;
        }
    }

    private static final int LONGEST_LINE = 512 << 20;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(LONGEST_LINE)
                                                    .build())
                                    .build())
                    .build();

    private final Unpacked unpacked;
    private final InputStream in;
    private final MessageDigest digest = BackupWriter.sha256();
    private final SortedMap<String, Long> counts = new TreeMap<>();

    private BackupReader(Unpacked unpacked) throws IOException {
        this.unpacked = unpacked;
        this.in = new BufferedInputStream(unpacked, 64 * 1024);
        var line = line();
        var head = parse(line);
        if (!head.has("plimsoll-backup")) {
            throw new Damaged("it is not a backup of Plimsoll");
        }
        if (head.path("plimsoll-backup").asInt(0) != BackupWriter.FORM) {
            throw new Damaged(
                    "it has a form that this Plimsoll does not know; it was made by Plimsoll "
                            + head.path("plimsoll").asString("").replaceAll("[^\\w.+-]", "?"));
        }
        int tables = head.path("tables").asInt(0);
        if (tables > Integer.parseInt(Migrations.NEWEST)) {
            throw new Damaged(
                    "it was made by a newer Plimsoll (tables of version %d, we know %s); restore it with that one"
                            .formatted(tables, Migrations.NEWEST));
        }
        count(line);
    }

    /// @param raw is closed with the reader, or when there is none
    /// @throws Damaged when it does not begin as a backup does, or as one of a newer Plimsoll
    static BackupReader open(InputStream raw) throws IOException {
        try {
            return new BackupReader(new Unpacked(raw));
        } catch (ZipException | EOFException e) {
            raw.close();
            throw new Damaged("it is not a backup of Plimsoll", e);
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /// The next line.
    ///
    /// @return empty at the end, when everything was there and nothing was changed
    /// @throws Damaged otherwise
    Optional<Line> next() throws IOException {
        byte[] line = line();
        var node = parse(line);
        if (node.has("end")) {
            verify(node);
            return Optional.empty();
        }
        count(line);
        if (node.has("file")) {
            return Optional.of(
                    new Generated(node.path("file").asString(""), node.path("text").asString("")));
        }
        String table = node.path("table").asString("");
        if (table.isEmpty() || !node.path("row").isObject()) {
            throw new Damaged("a line of it is neither a row nor a file");
        }
        counts.merge(table, 1L, Long::sum);
        return Optional.of(new Row(table, node.path("row"), line.length));
    }

    /// Rows by table; all of them once the end was reached.
    SortedMap<String, Long> counts() {
        return counts;
    }

    private void verify(JsonNode end) throws IOException {
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(end.path("sha256").asString(""))) {
            throw new Damaged("it was changed or damaged: its digest does not fit");
        }
        for (var table : end.path("end").properties()) {
            counts.putIfAbsent(table.getKey(), 0L);
            if (counts.get(table.getKey()) != table.getValue().asLong(-1)) {
                throw new Damaged("rows of the table " + table.getKey() + " are missing");
            }
        }
        try {
            if (in.read() >= 0 || unpacked.isFollowed()) {
                throw new Damaged("something follows its end");
            }
        } catch (ZipException | EOFException e) {
            throw broken(e);
        }
    }

    private void count(byte[] line) {
        digest.update(line);
        digest.update((byte) '\n');
    }

    private byte[] line() throws IOException {
        var line = new ByteArrayOutputStream(1024);
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw broken(null);
                }
                if (line.size() == LONGEST_LINE) {
                    throw new Damaged("a line of it is too long");
                }
                line.write(next);
            }
        } catch (ZipException | EOFException e) {
            throw broken(e);
        }
        return line.toByteArray();
    }

    private static Damaged broken(@Nullable Throwable cause) {
        String text = "it is damaged, or its end is missing";
        return cause == null ? new Damaged(text) : new Damaged(text, cause);
    }

    private static JsonNode parse(byte[] line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            // Without the cause, which quotes the line.
            throw new Damaged("a line of it is not JSON");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
