/** What a formula may be at most; beyond it is refused where it is taken in, or has no value. */
export const charactersMax = 1_000;
export const nodesMax = 200;
export const depthMax = 32;
/** Of a number in the text. */
export const digitsMax = 30;
/** Of `1e20` in the text, either way. */
export const exponentMax = 20;
/** Of `x ** n`, either way. */
export const powerMax = 64;
/** Of any number on the way, above and below the fraction line: about 1,000 decimal digits. */
export const bitsMax = 3_322;
