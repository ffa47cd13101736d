// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/// What somebody meant who wrote a word that is not known.
public final class Spelling {

    private Spelling() {}

    /// The end of a message, such as `; did you mean poll.interval?`; empty when no known word is near.
    public static String didYouMean(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(word, name)))
                .filter(name -> distance(word, name) <= Math.max(2, word.length() / 4))
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /// The Levenshtein distance: how many letters must change to make one word of the other.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
