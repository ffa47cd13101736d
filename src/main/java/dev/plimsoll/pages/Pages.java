// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Makes the pages: plain HTML that works without script, on phones and for screen readers, with nothing in it that
/// comes from the request but the choice of words.
///
/// They may be shown in a frame, as frontends show meetings; there is nothing on them that a click could do harm with.
public final class Pages {

    static final String STYLE =
            """
            :root{color-scheme:light dark;--ink:#1b2733;--soft:#46545f;--paper:#fff;--ground:#eef2f5;--mark:#0b5cad}
            @media (prefers-color-scheme:dark){:root{--ink:#f1f4f6;--soft:#c3ccd3;--paper:#1d262e;--ground:#12181d;--mark:#8cc4ff}}
            *{box-sizing:border-box}
            body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--ink);font:1.125rem/1.6 system-ui,sans-serif}
            main{width:100%;max-width:36rem;padding:2rem;background:var(--paper);border-top:.375rem solid var(--mark);border-radius:.5rem}
            h1{margin:0 0 1rem;font-size:1.625rem;line-height:1.25}
            p{margin:0 0 1rem;overflow-wrap:anywhere}
            p:last-child{margin:0}
            .soft{color:var(--soft)}
            a{display:inline-block;padding:.5rem 1.25rem;border:.125rem solid var(--mark);border-radius:.375rem;color:var(--mark);font-weight:600;text-decoration:none}
            a:hover{text-decoration:underline}
            a:focus-visible{outline:.1875rem solid var(--mark);outline-offset:.1875rem}
            .bar{height:.375rem;margin:0 0 1.25rem;overflow:hidden;border-radius:1rem;background:var(--ground)}
            .bar::before{content:"";display:block;width:35%;height:100%;border-radius:1rem;background:var(--mark);animation:go 1.6s ease-in-out infinite alternate}
            @keyframes go{to{transform:translateX(186%)}}
            @media (prefers-reduced-motion:reduce){.bar::before{width:100%;animation:none}}
            """;

    private static final String POLICY =
            "default-src 'none'; style-src 'sha256-"
                    + sha256(STYLE)
                    + "'; base-uri 'none'; form-action 'none'";

    /// A link to the page itself, with all that stands in its address.
    private static final String AGAIN = "<p><a href=\"\">%s</a></p>\n";

    private Pages() {}

    /// Whether a person looks at the answer: browsers ask for HTML by name, programs take anything.
    public static boolean isBrowser(Request request) {
        return asksForHtml(request.header("Accept").orElse(""));
    }

    static boolean asksForHtml(String accept) {
        for (String range : accept.split(",")) {
            String[] parts = range.split(";", 2);
            boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
            if (parts[0].strip().equalsIgnoreCase("text/html") && !refused) {
                return true;
            }
        }
        return false;
    }

    /// A page that tells what is the matter and what to do.
    public static Response notice(Request request, Notice notice) {
        return notice(request, 200, notice);
    }

    /// The same with another status.
    public static Response notice(Request request, int status, Notice notice) {
        var language = language(request);
        return page(status, language, notice, "", advice(language, notice));
    }

    /// The page about a defect, with the number under which the log has it.
    public static Response incident(Request request, int status, String reference) {
        var language = language(request);
        String more =
                "<p class=\"soft\">%s %s</p>\n"
                        .formatted(escape(language.text("reference")), escape(reference));
        return page(status, language, Notice.BROKEN, "", advice(language, Notice.BROKEN) + more);
    }

    /// A page that leads nowhere by itself, but can be tried again.
    static Response again(Request request, Notice notice) {
        var language = language(request);
        return page(
                200,
                language,
                notice,
                "",
                advice(language, notice) + AGAIN.formatted(escape(language.text("again"))));
    }

    /// A page that tries again by itself: the browser asks for the very same address.
    static Response retrying(Request request, Notice notice, int seconds) {
        var language = language(request);
        String body =
                "<div class=\"bar\" aria-hidden=\"true\"></div>\n"
                        + advice(language, notice)
                        + AGAIN.formatted(escape(language.text("again")));
        return page(
                        200,
                        language,
                        notice,
                        "<meta http-equiv=\"refresh\" content=\"%d\">\n".formatted(seconds),
                        body)
                .with("Retry-After", Integer.toString(seconds));
    }

    /// An answer to what is hardly a request, in English.
    ///
    /// @param message words of ours
    static Response plain(int status, String message) {
        return page(
                status,
                Language.ENGLISH,
                Language.ENGLISH.text("sorry"),
                "",
                paragraph("", message));
    }

    private static Language language(Request request) {
        return Language.choose(
                Params.parse(request.query()).get("lang", ""),
                request.header("Accept-Language").orElse(""));
    }

    private static String advice(Language language, Notice notice) {
        return paragraph(" class=\"soft\"", language.text(notice.word() + ".advice"));
    }

    private static Response page(
            int status, Language language, Notice notice, String head, String body) {
        return page(
                status,
                language,
                language.text(notice.word() + ".title"),
                head,
                paragraph("", language.text(notice.word() + ".text")) + body);
    }

    private static Response page(
            int status, Language language, String title, String head, String body) {
        String html =
                """
                <!doctype html>
                <html lang="%s" dir="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                %s<title>%s</title>
                <style>%s</style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                %s</main>
                </body>
                </html>
                """
                        .formatted(
                                language.code(),
                                escape(language.text("direction")),
                                head,
                                escape(title),
                                STYLE,
                                escape(title),
                                body);
        return Response.of(status, "text/html;charset=utf-8", html)
                .with("Content-Language", language.code())
                .with("Vary", "Accept, Accept-Language")
                .with("Cache-Control", "no-store")
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer")
                .with("X-Content-Type-Options", "nosniff");
    }

    private static String paragraph(String attributes, String text) {
        return "<p%s>%s</p>\n".formatted(attributes, escape(text));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String sha256(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
