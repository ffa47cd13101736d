// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import java.util.List;

/// The pool at a glance.
///
/// @param version ours
/// @param meetings registered in all
/// @param users people on all servers
public record StatusView(String version, int meetings, int users, List<ServerView> servers) {}
