// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Writes the lines of a backup: JSON objects, gzipped. The last one says how many rows there are, and the digest of
/// all lines before it.
///
/// | Line | Members |
/// |---|---|
/// | first | `plimsoll-backup` (the form's version), `tables` (their version), `at`, `engine`, `plimsoll` |
/// | generated file | `file`, `text` |
/// | row | `table`, `row` (columns by name; binary ones as `{"bytes": base64}`) |
/// | last | `end` (rows by table), `sha256` |
final class BackupWriter {

    static final int FORM = 1;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final GZIPOutputStream out;
    private final MessageDigest digest = sha256();

    BackupWriter(OutputStream out) throws IOException {
        this.out = new GZIPOutputStream(out, 64 * 1024);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void head(Catalogue catalogue, Access.Engine engine, Backup.Origin origin) throws IOException {
        line(
                JSON.createObjectNode()
                        .put("plimsoll-backup", FORM)
                        .put("tables", catalogue.version())
                        .put("at", origin.at().toString())
                        .put("engine", engine.name())
                        .put("plimsoll", origin.program()));
    }

    void file(String name, String text) throws IOException {
        line(JSON.createObjectNode().put("file", name).put("text", text));
    }

    void row(String table, ObjectNode columns) throws IOException {
        var line = JSON.createObjectNode().put("table", table);
        line.set("row", columns);
        line(line);
    }

    void end(Map<String, Long> counts) throws IOException {
        var rows = JSON.createObjectNode();
        counts.forEach(rows::put);
        var line = JSON.createObjectNode();
        line.set("end", rows);
        line.put("sha256", HexFormat.of().formatHex(digest.digest()));
        line(line);
        out.finish();
        out.flush();
    }

    private void line(ObjectNode line) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(line);
        digest.update(bytes);
        digest.update((byte) '\n');
        out.write(bytes);
        out.write('\n');
    }
}
