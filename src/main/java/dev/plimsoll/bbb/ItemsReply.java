// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.List;
import java.util.Set;

/// What a server says when it is asked for a list of things that we pass on without looking into them.
public sealed interface ItemsReply {

    /// The items, word for word.
    record Items(List<String> xml) implements ItemsReply {}

    /// No usable answer.
    record Unusable(Failure failure) implements ItemsReply {}

    /// Reads a document whose element `list` holds elements `item`.
    static ItemsReply read(byte[] body, String list, String item) {
        try {
            var items = XmlList.read(body, list, item, Set.of(), (_, xml) -> xml);
            var problem = items.problem(list);
            return problem.<ItemsReply>map(Unusable::new).orElseGet(() -> new Items(items.items()));
        } catch (MalformedXml e) {
            return new Unusable(Failure.notXml());
        }
    }
}
