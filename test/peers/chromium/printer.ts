import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether Debian's Chromium is there, and Poppler to look into what it prints. */
export function isChromiumInstalled(): boolean {
  try {
    execFileSync("chromium", ["--version"], { stdio: "ignore" });
    execFileSync("pdfinfo", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface Printed {
  /** Each page's text in its layout. */
  readonly pages: readonly string[];
  /** In points. */
  readonly size: readonly [width: number, height: number];
  /** What the browser had to say, such as what a policy forbade. */
  readonly console: string;
}

/** Prints a page as a person would. */
export async function print(url: string): Promise<Printed> {
  const folder = mkdtempSync(join(tmpdir(), "pricewright-print-"));
  try {
    const pdf = join(folder, "printed.pdf");
    const profile = `--user-data-dir=${join(folder, "profile")}`;
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", profile];
    const browsed = await run("chromium", [...flags, "--no-pdf-header-footer", `--print-to-pdf=${pdf}`, url]);
    const info = await run("pdfinfo", [pdf]);
    const size = /Page size: +([\d.]+) x ([\d.]+)/.exec(info.stdout);
    const text = await run("pdftotext", ["-layout", pdf, "-"]);
    return {
      pages: text.stdout.split("\f").slice(0, -1),
      size: [Number(size?.[1]), Number(size?.[2])],
      console: browsed.stderr,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
