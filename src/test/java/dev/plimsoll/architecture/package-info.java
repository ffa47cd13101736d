// SPDX-License-Identifier: Apache-2.0
/// Holds the code to what docs/ARCHITECTURE.md says of it. Reads compiled classes and source files, and knows nothing of
/// what they do. Start reading at [PackageTableTest].
@NullMarked
package dev.plimsoll.architecture;

import org.jspecify.annotations.NullMarked;
