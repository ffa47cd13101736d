// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

/// What the checksum of a request is worth. Not every call looks at it, nor first.
enum Signature {
    GOOD,
    MISSING,
    WRONG
}
