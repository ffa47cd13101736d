// SPDX-License-Identifier: Apache-2.0
/// Who may call us: today the default tenant with its secrets.
/// Knows nothing of HTTP and servers. Start reading at [TenantDirectory].
@NullMarked
package dev.plimsoll.tenant;

import org.jspecify.annotations.NullMarked;
