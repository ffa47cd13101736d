// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.List;

/// What a server says when it is asked for a list of things that we pass on without looking into them.
public sealed interface ItemsReply {

    /// The items, word for word.
    record Items(List<String> xml) implements ItemsReply {}

    /// No usable answer.
    record Unusable(String reason) implements ItemsReply {}

    /// Reads a document whose element `list` holds elements `item`.
    static ItemsReply read(byte[] body, String list, String item) {
        try {
            var items = XmlList.read(body, list, item, (_, xml) -> xml);
            String problem = items.problem(list);
            return problem.isEmpty() ? new Items(items.items()) : new Unusable(problem);
        } catch (MalformedXml e) {
            return new Unusable("answers something that is not XML");
        }
    }
}
