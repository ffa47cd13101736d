// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.bbb.MalformedXml;
import dev.plimsoll.bbb.XmlLimits;
import dev.plimsoll.bbb.XmlReading;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the XML body of `create` and `insertDocument`. Nothing is fetched.
final class Modules {

    private Modules() {}

    /// The presentations in a body, by name; empty when it has no presentation module at all.
    static Optional<List<String>> presentations(Incoming in) throws MalformedXml {
        if (in.body().length == 0 || in.contentType().filter(ApiCall.XML::contains).isEmpty()) {
            return Optional.empty();
        }
        Optional<List<String>> found = Optional.empty();
        for (Element module : XmlReading.parse(in.body(), XmlLimits.BODY).children()) {
            if ("presentation".equals(module.attributes().get("name"))) {
                found = Optional.of(documents(module)); // BBB: the last module of a name counts
            }
        }
        return found;
    }

    private static List<String> documents(Element module) {
        var names = new ArrayList<String>();
        for (Element document : module.children()) {
            String url = document.attributes().getOrDefault("url", "");
            String name =
                    url.isEmpty()
                            ? document.attributes().getOrDefault("name", "")
                            : document.attributes()
                                    .getOrDefault(
                                            "filename", url.substring(url.lastIndexOf('/') + 1));
            if (name.contains(".")) { // BBB: without an extension it is skipped silently
                names.add(name);
            }
        }
        return names;
    }
}
