import { expect, test } from "vitest";
import { keyOf, profileFromCsv } from "./points-from-csv.ts";

const CSV = `Name;Register;Type;Unit;Scale;Group;Colour
Flow, main;100;uint16;m³/h;0,1;Water side;red
Расход;102;;;;;
Flow, main;104;int16;;;Water side;
;106;int16;;;;
Lost;;int16;;;;`;

test("each row is a point, and the keys are made from the names", () => {
  const { source, count } = profileFromCsv(CSV, "plant", 'Our "plant"');
  expect(count).toBe(3);
  expect(source).toBe(`profile: plant
name: "Our \\"plant\\""
kind: sensor
interval_s: 5
overview: [flow_main, p_point, flow_main_2]
groups:
  water_side: "Water side"
points:
  - {key: flow_main, name: "Flow, main", address: 100, type: "uint16", unit: "m³/h", scale: 0.1, group: water_side}
  - {key: p_point, name: "Расход", address: 102}
  - {key: flow_main_2, name: "Flow, main", address: 104, type: "int16", group: water_side}
`);
});

test("what is wrong is told by its row, and columns that nobody knows by name", () => {
  expect(profileFromCsv(CSV, "plant", "Plant").problems).toEqual([
    { kind: "unknown", columns: "colour" },
    { kind: "row", row: 5, what: "name" },
    { kind: "row", row: 6, what: "address" },
  ]);
  expect(profileFromCsv("speed\n", "p", "P").problems.map(({ kind }) => kind)).toEqual([
    "empty",
    "no_name",
    "no_address",
    "unknown",
  ]);
});

test("nothing of a row is guessed: a comma too many, a stray quote, a number that is none leave it out, and say so", () => {
  const text = `key,name,address,scale,unit
flow,Flow,100,0,1,m³/h
head,"5" head,101,1,m

temp,Temperature,"40,003",1,°C
volts,Voltage,0x10,"0,1",V
volts,Voltage L2,17,0.1,V
`;
  const { source, count, problems } = profileFromCsv(text, "plant", "Plant");
  expect(problems).toEqual([
    { kind: "row", row: 2, what: "cells" },
    { kind: "row", row: 3, what: "quote" },
    { kind: "number", row: 5, column: "address", cell: "40,003" },
    { kind: "renamed", row: 7, key: "volts", now: "volts_2" },
  ]);
  expect(count).toBe(2);
  expect(source).toContain('{key: volts, name: "Voltage", address: 16, scale: 0.1, unit: "V"}');
  expect(source).toContain('{key: volts_2, name: "Voltage L2", address: 17, scale: 0.1, unit: "V"}');
});

test("keys begin with a letter and are each given once", () => {
  expect(keyOf("3-phase power", new Set())).toBe("p_3_phase_power");
  expect(keyOf("Power", new Set(["power", "power_2"]))).toBe("power_3");
});
