// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.tenant;

import dev.plimsoll.config.Secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals texts that others carry for us, in an address or a cookie: nobody else can read them or change them, and every
/// instance with the same secret can open them. AES-256-GCM under a key made from the standard tenant's secret; during
/// a roll-over, what was sealed under any of its secrets can be opened. Thread-safe if `random` is.
public final class Seal {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final TenantDirectory tenants;
    private final RandomGenerator random;
    private final Map<Secret, SecretKeySpec> keys = new ConcurrentHashMap<>();

    /// @param random must not be guessable, and never repeat itself
    public Seal(TenantDirectory tenants, RandomGenerator random) {
        this.tenants = tenants;
        this.random = random;
    }

    /// @param purpose what it is for; a text sealed for one purpose cannot be opened for another
    /// @return letters, digits, `-` and `_`
    public String seal(String purpose, String text) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            var cipher =
                    cipher(
                            Cipher.ENCRYPT_MODE,
                            tenants.standard().secrets().getFirst(),
                            nonce,
                            purpose);
            byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] all = ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-GCM", e);
        }
    }

    /// The text; empty when we did not seal it for this purpose.
    public Optional<String> open(String purpose, String sealed) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (all.length < NONCE + TAG_BITS / 8) {
            return Optional.empty();
        }
        return tenants.standard().secrets().stream()
                .flatMap(secret -> open(purpose, all, secret).stream())
                .findFirst();
    }

    private Optional<String> open(String purpose, byte[] all, Secret secret) {
        try {
            byte[] nonce = java.util.Arrays.copyOf(all, NONCE);
            var cipher = cipher(Cipher.DECRYPT_MODE, secret, nonce, purpose);
            byte[] text = cipher.doFinal(all, NONCE, all.length - NONCE);
            return Optional.of(new String(text, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // forged, damaged, or sealed under a secret that is gone
        }
    }

    private Cipher cipher(int mode, Secret secret, byte[] nonce, String purpose)
            throws GeneralSecurityException {
        var key = keys.computeIfAbsent(secret, Seal::key); // there are few, and each join needs one
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /// Not the secret itself: what is sealed must tell nothing about what signs.
    private static SecretKeySpec key(Secret secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return new SecretKeySpec(
                    mac.doFinal("plimsoll seal".getBytes(StandardCharsets.UTF_8)), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HMAC-SHA-256", e);
        }
    }
}
