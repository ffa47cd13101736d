// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.nio.charset.StandardCharsets;

/// Writes XML exactly as bbb-web's templates do: one element a line, no indentation, no declaration, no final
/// newline, runs of white space within values shrunk, apostrophes escaped too.
///
/// Checked against samples of real servers. Not thread-safe; one document each.
public final class XmlWriting {

    private final StringBuilder out = new StringBuilder(512);

    private XmlWriting() {}

    /// Begins a `<response>` with its return code.
    public static XmlWriting response(String returnCode) {
        return new XmlWriting().open("response").leaf("returncode", returnCode);
    }

    /// Begins a `<response>` that succeeded.
    public static XmlWriting success() {
        return response("SUCCESS");
    }

    /// The error document that every call but a few uses.
    public static byte[] failed(String messageKey, String message) {
        return response("FAILED").leaf("messageKey", messageKey).leaf("message", message).end();
    }

    /// A document or a part of one without an element around it, to be put into another by [#raw].
    public static XmlWriting fragment() {
        return new XmlWriting();
    }

    /// Opens an element on a line of its own.
    public XmlWriting open(String name) {
        out.append('<').append(name).append(">\n");
        return this;
    }

    /// Closes an element on a line of its own.
    public XmlWriting close(String name) {
        out.append("</").append(name).append(">\n");
        return this;
    }

    /// An element with text.
    public XmlWriting leaf(String name, String text) {
        out.append('<').append(name).append('>');
        appendText(text);
        out.append("</").append(name).append(">\n");
        return this;
    }

    /// An element with a number.
    public XmlWriting leaf(String name, long number) {
        out.append('<')
                .append(name)
                .append('>')
                .append(number)
                .append("</")
                .append(name)
                .append(">\n");
        return this;
    }

    /// An element with a boolean.
    public XmlWriting leaf(String name, boolean flag) {
        return leaf(name, flag ? "true" : "false");
    }

    /// An element without content, in the short form.
    public XmlWriting empty(String name) {
        out.append('<').append(name).append("/>\n");
        return this;
    }

    /// XML that is already written, such as a meeting from a server's answer.
    public XmlWriting raw(CharSequence xml) {
        out.append(xml);
        if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
        return this;
    }

    /// The parts written so far.
    public String text() {
        return out.toString();
    }

    /// Closes the response and returns the document's bytes.
    public byte[] end() {
        out.append("</response>");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    // BBB: the templates' white-space compressor works on values, too ("A  B" is reported as "A B")
    private void appendText(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                boolean lineBreak = false;
                int end = i;
                while (end < length && isSpace(text.charAt(end))) {
                    lineBreak |= text.charAt(end) == '\n' || text.charAt(end) == '\r';
                    end++;
                }
                out.append(lineBreak ? '\n' : ' ');
                i = end - 1;
            } else {
                appendEscaped(c);
            }
        }
    }

    private void appendEscaped(char c) {
        switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&apos;");
            default -> {
                // What XML cannot carry at all is left out; a server that wrote it would send
                // garbage.
                if (c >= ' ' && c != '\uFFFE' && c != '\uFFFF') {
                    out.append(c);
                }
            }
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
