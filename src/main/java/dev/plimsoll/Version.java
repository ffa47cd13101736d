// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.jar.Manifest;

/// Which build this is.
///
/// @param commit of the sources; `unknown` when built outside of a checkout
record Version(String number, String commit) {

    static Version current() {
        URL here = Version.class.getResource("Version.class");
        if (here == null || !here.toString().startsWith("jar:")) {
            return new Version("development", "unknown");
        }
        String jar = here.toString().substring(0, here.toString().lastIndexOf('!') + 1);
        try (InputStream in =
                java.net.URI.create(jar + "/META-INF/MANIFEST.MF").toURL().openStream()) {
            var attributes = new Manifest(in).getMainAttributes();
            return new Version(
                    String.valueOf(attributes.getValue("Implementation-Version")),
                    String.valueOf(attributes.getValue("Implementation-Commit")));
        } catch (IOException e) {
            return new Version("unknown", "unknown");
        }
    }
}
