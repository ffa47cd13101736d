// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.config.Secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The JSON web tokens that prove a server's callbacks.
final class Jwt {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Jwt() {}

    static String hs256(Map<String, Object> payload, Secret secret) {
        return signed(Map.of("alg", "HS256"), payload, "HmacSHA256", secret);
    }

    static String hs512(Map<String, Object> payload, Secret secret) {
        return signed(Answers.fields("typ", "JWT", "alg", "HS512"), payload, "HmacSHA512", secret);
    }

    private static String signed(
            Map<String, Object> header,
            Map<String, Object> payload,
            String algorithm,
            Secret secret) {
        String text =
                base64(utf8(Json.compact(header))) + "." + base64(utf8(Json.compact(payload)));
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(utf8(secret.reveal()), algorithm));
            return text + "." + base64(mac.doFinal(utf8(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }
}
