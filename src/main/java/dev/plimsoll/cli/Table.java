// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// An aligned table for people; columns of numbers stand to the right. Also as CSV, for spreadsheets.
public final class Table {

    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heads) {
        this.heads = List.of(heads);
    }

    /// Adds a row; what is empty is shown as `-`.
    public Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> clean(String.valueOf(cell))).toList());
        return this;
    }

    /// The table, with a line break at the end.
    public String text() {
        var text = new StringBuilder(line(heads));
        rows.forEach(row ->
                text.append(line(row.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList())));
        return text.toString();
    }

    /// As comma-separated values (RFC 4180).
    public String csv() {
        var all = new ArrayList<List<String>>();
        all.add(heads);
        all.addAll(rows);
        return all.stream()
                .map(row ->
                        row.stream().map(Table::quoted).collect(Collectors.joining(",")) + "\r\n")
                .collect(Collectors.joining());
    }

    private String line(List<String> cells) {
        var line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.length());
            line.append(isNumeric(column) ? padding + cell : cell + padding).append("  ");
        }
        return line.toString().stripTrailing() + "\n";
    }

    private int width(int column) {
        int widest = heads.get(column).length();
        for (var row : rows) {
            widest = Math.max(widest, Math.max(1, row.get(column).length()));
        }
        return widest;
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty()
                && rows.stream().allMatch(row -> row.get(column).matches("-?[0-9.]*"));
    }

    /// What a server or a frontend named must not move the cursor of a terminal.
    static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String quoted(String cell) {
        // A spreadsheet would take a leading = + - @ for a formula; ids may begin like that.
        String safe = cell.matches("^[=+@-].*") && !cell.matches("-?[0-9.]+") ? "'" + cell : cell;
        return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
