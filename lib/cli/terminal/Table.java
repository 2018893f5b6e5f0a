package lib.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import lib.text.PlainText;
import lib.text.Secrets;

/** Rows and columns for people: columns are as wide as what is in them, and numbers stand to the right, with nothing or a unit, but for names that look like numbers. */
public final class Table {
    private static final String GAP = "  ";
    private static final Pattern NUMBER = Pattern.compile("([0-9.]+( (ms|[kMGTPE]?B(/s)?))?)?");

    private final List<List<String>> rows = new ArrayList<>();

    /** @param head the titles of the columns */
    public Table(String... head) {
        row(head);
    }

    /** Adds a row, a cell a column. */
    public void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(plain(cell));
        }
        rows.add(row);
    }

    /** Returns text from elsewhere as a terminal may show it: on one line, and without what would move its cursor or turn its letters around. */
    public static String plain(String text) {
        return PlainText.spaced(Secrets.masked(text));
    }

    /** Returns the table, each line with its end. */
    @Override
    public String toString() {
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < rows.get(0).size(); column++) {
            columns.add(column(column));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(column == 0 ? "" : GAP).append(columns.get(column).padded(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private Column column(int column) {
        int width = rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
        return new Column(width, column > 0 && rows.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(column)).matches()));
    }

    private record Column(int width, boolean isOfNumbers) {
        String padded(String cell) {
            String space = " ".repeat(width - length(cell));
            return isOfNumbers ? space + cell : cell + space;
        }
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
