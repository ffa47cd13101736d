// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How a listing is printed: a table for people, unless JSON or CSV is asked for.
final class Output {

    /// One of them.
    static final class Form {
        @Option(names = "--json", description = "As JSON.")
        private boolean json;

        @Option(names = "--csv", description = "As CSV, for a spreadsheet.")
        private boolean csv;
    }

    @ArgGroup private Form form = new Form();

    void print(Object value, Table table) {
        if (form.json) {
            System.out.println(
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(value));
        } else {
            System.out.print(form.csv ? table.csv() : table.text());
        }
    }

    boolean isJson() {
        return form.json;
    }

    boolean isTable() {
        return !form.json && !form.csv;
    }
}
