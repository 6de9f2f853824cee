/** CSV with its places: errors of a register name line and column. */
import { describe, expect, it } from "vitest";
import { readCsv } from "./csv.ts";

const texts = (text: string): unknown => {
  const read = readCsv(text);
  return "rows" in read ? read.rows.map((row) => row.map((cell) => cell.text)) : read;
};
const places = (text: string): unknown => {
  const read = readCsv(text);
  return "rows" in read ? read.rows.map((row) => row.map(({ line, column }) => `${line}:${column}`)) : read;
};

describe("cells", () => {
  it.each<[string, string, unknown]>([
    [
      "lines ended either way, the last one or not",
      "a,b\r\nc,d\ne,f",
      [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
      ],
    ],
    ["a mark of the octet order is none of the text", "\ufeffa,b\n", [["a", "b"]]],
    ["empty lines are none, a line of an empty cell and another is one", "a\n\n,b\n\n", [["a"], ["", "b"]]],
    ["a carriage return within a line stays", "a\rb,c\r,d\n", [["a\rb", "c\r", "d"]]],
    ["a line of nothing but a carriage return is empty", "a\n\r\nb", [["a"], ["b"]]],
    ["quotes: commas, lines and quotes within", '"a,b","c\r\nd","e""f"\n', [["a,b", "c\r\nd", 'e"f']]],
    ["empty quotes", '"",""\n', [["", ""]]],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => expect(texts(text)).toEqual(expected));
});

describe("places", () => {
  it("count lines within quotes, and columns from the line's own beginning", () => {
    expect(places('a,bc,d\n"x\ny\nz",e\nf,g')).toEqual([
      ["1:1", "1:3", "1:6"],
      ["2:1", "4:4"],
      ["5:1", "5:3"],
    ]);
    expect(places("\ufeffa,b")).toEqual([["1:1", "1:3"]]);
  });

  it.each([
    [
      "a quote that is not closed: where it begins",
      'a\nb,"c\nd',
      { line: 2, column: 3, message: "a quote is not closed, expected CSV as in RFC 4180" },
    ],
    [
      "text after a quote",
      'a\n"b\nc"d,e',
      { line: 3, column: 3, message: "text after a closing quote, expected a comma or the end of the line" },
    ],
    [
      "a carriage return after a quote that ends no line",
      '"a"\rb',
      { line: 1, column: 4, message: "text after a closing quote, expected a comma or the end of the line" },
    ],
    ["a quote inside a field", 'a\nb,c"d', { line: 2, column: 4, message: "a quote inside a field, expected the whole field in quotes" }],
  ])("%s", (_, text, expected) => expect(texts(text)).toEqual(expected));
});
