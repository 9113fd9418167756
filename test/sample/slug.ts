/** An id that people can read, made of a name: `Half-Price Pedal Sale` becomes `half-price-pedal-sale`. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
