// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// Something that a committed transaction changed.
///
/// @param topic the feature that owns it, such as `meeting`
/// @param key which one; the listener reads the rest from the database
public record Change(String topic, String key) {}
