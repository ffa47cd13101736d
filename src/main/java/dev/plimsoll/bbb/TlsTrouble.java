// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Says what is wrong when no secure connection comes about, and what to do about it.
final class TlsTrouble {

    private static final int DEEPEST = 20;

    private TlsTrouble() {}

    static Failure of(SSLException e) {
        @Nullable Throwable cause = e;
        boolean certificate = false;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            switch (cause) {
                case EOFException _ -> {
                    // It hung up, as an overloaded or stopping server does: its certificate may be
                    // fine.
                    return Failure.refused("closes the connection at once");
                }
                case CertificateExpiredException _ -> {
                    return failure("its certificate has expired; renew it on the server");
                }
                case CertificateNotYetValidException _ -> {
                    return failure(
                            "its certificate is not valid yet; compare the clocks of both machines");
                }
                case SSLPeerUnverifiedException _ -> {
                    return failure("its certificate is for another host name");
                }
                case CertPathBuilderException _ -> {
                    return failure(
                            "nobody whom we trust signed its certificate; install the full chain on the server,"
                                    + " or its authority here");
                }
                default -> certificate |= cause instanceof CertificateException;
            }
            cause = cause.getCause();
        }
        return failure(
                certificate
                        ? "its certificate is not accepted; is it valid and complete?"
                        : "is its certificate valid and complete?");
    }

    private static Failure failure(String what) {
        return new Failure(Trouble.CERTIFICATE, "has a TLS problem: " + what);
    }
}
