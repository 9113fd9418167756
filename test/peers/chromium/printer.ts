import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether Debian's Chromium is there, and Poppler to look into what it prints. */
export function isChromiumInstalled(): boolean {
  try {
    run("chromium", ["--version"]);
    run("pdfinfo", ["-v"]);
    return true;
  } catch {
    return false;
  }
}

export interface Printed {
  readonly pages: readonly string[];
  /** In points. */
  readonly size: readonly [width: number, height: number];
  /** What the browser had to say, such as what a policy forbade. */
  readonly console: string;
}

/** Prints a page as a person would, and reads each printed page back as text in its layout. */
export function print(url: string): Printed {
  const folder = mkdtempSync(join(tmpdir(), "pricewright-print-"));
  try {
    const pdf = join(folder, "printed.pdf");
    const console = browse(folder, ["--no-pdf-header-footer", `--print-to-pdf=${pdf}`, url]);
    const info = run("pdfinfo", [pdf]);
    const size = /Page size: +([\d.]+) x ([\d.]+)/.exec(info);
    const text = run("pdftotext", ["-layout", pdf, "-"]);
    return {
      pages: text.split("\f").slice(0, -1),
      size: [Number(size?.[1]), Number(size?.[2])],
      console,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The page as it is on a screen, after its scripts ran if it has any. */
export function domOf(html: string): string {
  const folder = mkdtempSync(join(tmpdir(), "pricewright-dom-"));
  try {
    const file = join(folder, "page.html");
    writeFileSync(file, html);
    browse(folder, ["--screenshot", `file://${file}`]);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function browse(folder: string, more: readonly string[]): string {
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", profile, ...more];
  return run("chromium", args);
}

function run(command: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return execFileSync(command, args, { ...options, encoding: "utf8", timeout: 60_000, stdio: "pipe" });
}
