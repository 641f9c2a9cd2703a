import { describe, expect, test } from "vitest";
import { readCsv } from "./csv.ts";
import { csvExamples, jsonlExamples } from "./table.ts";

const refused = (message: string) =>
  expect.objectContaining({ code: "data/malformed", message: expect.stringContaining(message) });

describe("CSV", () => {
  test("keeps quoted separators, quotes and line ends", () => {
    const rows = readCsv('\ufefftext;label\r\n"a;""b""\n c";x\r\n\r\n;y', "t.csv");
    expect(rows).toEqual([
      { line: 1, fields: ["text", "label"] },
      { line: 2, fields: ['a;"b"\n c', "x"] },
      { line: 5, fields: ["", "y"] },
    ]);
    expect(readCsv("a\tb,c\t\n", "t.tsv")).toEqual([{ line: 1, fields: ["a", "b,c", ""] }]);
    expect(readCsv('"a,b",c', "t.csv")[0].fields).toEqual(["a,b", "c"]);
  });

  test("is refused when a quote stays open or is followed by text", () => {
    expect(() => readCsv('a,b\n"c', "t.csv")).toThrow(refused("line 2"));
    expect(() => readCsv('"a"b,c', "t.csv")).toThrow(refused("closing quote on line 1"));
  });

  test("gives texts, or features, and labels by the header or the last column", () => {
    expect(csvExamples("label,id,text\nx,1,hello\ny,2,猫", "t.csv")).toMatchObject([
      { labels: ["x", "y"], inputs: { kind: "text", texts: ["hello", "猫"] } },
    ]);
    expect(csvExamples("w,h,species\n1,2,a\n3,4.5,b", "t.csv")).toMatchObject([
      { labels: ["a", "b"], inputs: { kind: "array", shape: [2], values: Float32Array.of(1, 2, 3, 4.5) } },
    ]);
    expect(csvExamples("1,2,0\n3,4,1", "t.csv")).toMatchObject([{ labels: ["0", "1"] }]);
    expect(csvExamples("good,1\nbad,0", "t.csv")).toMatchObject([
      { inputs: { kind: "text", texts: ["good", "bad"] } },
    ]);
  });

  test("is split where a column says so", () => {
    const parts = csvExamples("text,label,split\na,x,train\nb,y,test\nc,x,train", "t.csv");
    expect(parts.map(({ part, labels }) => [part, labels])).toEqual([
      ["train", ["x", "x"]],
      ["test", ["y"]],
    ]);
  });

  test.each([
    ["line 3, column w", "w,h,label\n1,2,a\nNaN,2,b"],
    ["no label on line 2", "text,label\nhello,"],
    ["3 fields on line 2", "text,label\na,b,c"],
    ["one column", "label\na\nb"],
    ["no rows", ""],
    ["a header and no rows", "text,label\n"],
  ])("is refused by line: %s", (message, text) => {
    expect(() => csvExamples(text, "t.csv")).toThrow(refused(message));
  });
});

describe("JSON lines", () => {
  test("give texts or features", () => {
    expect(jsonlExamples('{"text":"a","label":1}\n\n{"text":"b","label":"0"}\n', "t.jsonl")).toMatchObject([
      { labels: ["1", "0"], inputs: { kind: "text", texts: ["a", "b"] } },
    ]);
    expect(jsonlExamples('{"x":[[1,2],[3,4]],"y":0}', "t.jsonl")).toMatchObject([
      { inputs: { kind: "array", shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) } },
    ]);
  });

  test.each([
    ["JSON on line 1", "{"],
    ["object on line 1", "[1]"],
    ["no label on line 1", '{"text":"a"}'],
    ["line 2", '{"x":[1],"y":0}\n{"x":[1,2],"y":0}'],
    ["line 1", '{"x":[[1],[1,2]],"y":0}'],
    ["neither", '{"label":1}'],
    ["mixes", '{"x":[1],"y":0}\n{"text":"a","y":0}'],
  ])("are refused by line: %s", (message, text) => {
    expect(() => jsonlExamples(text, "t.jsonl")).toThrow(refused(message));
  });
});
