// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

/// A request to the admin API failed; the message is for the operator.
public final class AdminException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AdminException(String message) {
        super(message);
    }
}
