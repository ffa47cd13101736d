// SPDX-License-Identifier: Apache-2.0
/// The program: which subcommand runs, and how its parts are wired together. Start reading at [Serve].
@NullMarked
package dev.plimsoll;

import org.jspecify.annotations.NullMarked;
