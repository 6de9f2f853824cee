import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { addEntry, changeEntry, entryOf, removeEntry, UnreadableText } from "#web/views/editor/edit-text.ts";

const example = readFileSync("examples/lte-lab-b1-vxlan-mirred/network.yaml", "utf8");
const commented = `# reviewed by Ada
network: { name: lab }
functions:
  # the one in Paris
  - name: mme-1   # do not move
    roles: [MME]
    addresses: [10.0.0.1]
    slices: [1]
  - { name: enb-1, roles: [eNB], addresses: [10.0.0.9] } # on the roof
services: []
`;

test("a change touches its entry alone", () => {
  const changed = changeEntry(example, "functions", 1, { site: "Süd: 1", vendor: undefined, addresses: ["10.45.1.11", "2001:db8::1"] });
  const before = example.split("\n");
  const after = changed.split("\n");
  expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
  expect((parse(changed) as { functions: unknown[] }).functions[1]).toEqual({
    name: "enb1",
    roles: ["eNB"],
    addresses: ["10.45.1.11", "2001:db8::1"],
    site: "Süd: 1",
  });
});

test("comments, order and fields that the form does not know stay", () => {
  const changed = changeEntry(commented, "functions", 0, { site: "Paris" });
  expect(changed).toContain("# reviewed by Ada");
  expect(changed).toContain("# the one in Paris");
  expect(changed).toContain("# on the roof");
  expect(entryOf(changed, "functions", 0)).toEqual({ name: "mme-1", roles: ["MME"], addresses: ["10.0.0.1"], slices: [1], site: "Paris" });
  expect(entryOf(changed, "functions", 1)).toEqual(entryOf(commented, "functions", 1));
});

test("entries are added behind the last, into an empty list, and where there was no list", () => {
  const entry = { name: "x-1", roles: ["SGW"], addresses: ["10.0.0.5"] };
  const added = addEntry(commented, "functions", entry);
  expect(entryOf(added, "functions", 2)).toEqual(entry);
  expect(added).toContain("} # on the roof\n");
  expect(entryOf(addEntry(commented, "services", { name: "no", protocols: ["dns"] }), "services", 0)).toEqual({
    name: "no",
    protocols: ["dns"],
  });
  expect(entryOf(addEntry(commented, "partners", { name: "p" }), "partners", 0)).toEqual({ name: "p" });
  expect(entryOf(addEntry("", "functions", entry), "functions", 0)).toEqual(entry);
  expect(entryOf(addEntry("functions:\n", "functions", entry), "functions", 0)).toEqual(entry);
  expect(
    (parse(addEntry("functions: [{name: a, roles: [MME]}]\n", "functions", entry)) as { functions: unknown[] }).functions,
  ).toHaveLength(2);
});

test("an entry is taken out, the others stay", () => {
  const less = removeEntry(commented, "functions", 1);
  expect((parse(less) as { functions: unknown[] }).functions).toHaveLength(1);
  expect((parse(removeEntry(less, "functions", 0)) as { functions: unknown[] }).functions).toEqual([]);
  expect((parse(removeEntry(example, "services", 2)) as { services: { name: string }[] }).services.map((s) => s.name)).not.toContain(
    "oam-router",
  );
});

test("hostile values are values", () => {
  const evil = `}], functions: [{ name: "x" #\n- & * ! | > '" %@\``;
  const changed = changeEntry(example, "functions", 0, { name: evil, site: "yes", vendor: "1e3" });
  expect(entryOf(changed, "functions", 0)).toMatchObject({ name: evil, site: "yes", vendor: "1e3" });
  expect((parse(changed) as { functions: unknown[] }).functions).toHaveLength(3);
});

test("what is no YAML is not touched", () => {
  expect(() => addEntry("functions: [", "functions", {})).toThrow(UnreadableText);
  expect(() => changeEntry("- a\n", "functions", 0, {})).toThrow(UnreadableText);
});
