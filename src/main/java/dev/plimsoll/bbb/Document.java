// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

/// An answer of a server: its bytes, to be passed on word for word, and what we read in it.
///
/// @param contentType as the server sent it
public record Document(byte[] bytes, String contentType, Element root) {}
