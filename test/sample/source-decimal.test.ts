import { expect, it } from "vitest";
import { amountText, percentText } from "./source-decimal.ts";

it("reads the source's decimals to the last digit", () => {
  expect([".8565", "34.9900", "33.6442", "3578.2700"].map(amountText)).toEqual([
    "0.8565",
    "34.99",
    "33.6442",
    "3578.27",
  ]);
});

it("turns a share into a percentage without a float's noise", () => {
  expect([".0200", ".0500", ".1500", ".3500", ".0725"].map(percentText)).toEqual([
    "2",
    "5",
    "15",
    "35",
    "7.25",
  ]);
});

it("refuses a share that was written through a float", () => {
  expect(() => percentText("5.0000000000000003E-2")).toThrow("5.0000000000000003E-2");
  expect(() => percentText("0.14999999999999999")).toThrow("over 4 places");
});
