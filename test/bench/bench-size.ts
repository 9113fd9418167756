/** `BENCH_SIZE=small` runs a benchmark in a fraction of its time, with smaller companies. */
export const isSmall = process.env["BENCH_SIZE"] === "small";
