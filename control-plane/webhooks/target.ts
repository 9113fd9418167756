/** Why nothing is sent to a URL. */
export type TargetFault = "not_a_url" | "not_https" | "credentials" | "port" | "address" | "internal_name";

export interface TargetRules {
  /** Whether this machine itself may be a target, and without TLS. */
  readonly local: boolean;
}

export interface TargetSettings {
  /** `allowed` makes this machine itself a target, and without TLS: for development. */
  readonly WEBHOOK_LOCAL_TARGETS?: string;
}

export function targetRules({ WEBHOOK_LOCAL_TARGETS }: TargetSettings): TargetRules {
  return { local: WEBHOOK_LOCAL_TARGETS === "allowed" };
}

const lengthMax = 2000;
const authorityForm = /^https?:\/\/([^/?#]*)/i;
const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::[1-9]\d{0,4})?(?:[/?]|$)/;
// A public name: labels, the last of which has a letter first, so that it can't be read as a number.
const nameForm = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** Names that are never public, or mean whatever address is asked of them. */
const internalSuffixes = [
  "localhost local localdomain internal intranet private corp home lan workgroup consul",
  "arpa test example invalid onion alt",
  "nip.io sslip.io xip.io traefik.me local.gd localtest.me lvh.me vcap.me 1u.ms",
].flatMap((line) => line.split(" "));

/**
 * What is wrong with a URL that messages are to be sent to, if anything: only public names over HTTPS are targets,
 * and never an address. What is written must be what is asked, so that no other spelling of an address gets by. To
 * which address a name leads is for the platform to guard: a Worker's connections reach public ones only.
 */
export function targetFault(text: string, { local }: TargetRules): TargetFault | undefined {
  const url = text.length <= lengthMax && /^[!-~]+$/.test(text) ? URL.parse(text) : null;
  if (url === null || text.includes("\\") || text.includes("#")) return "not_a_url";
  if (local && loopback.test(text)) return undefined;
  const authority = authorityForm.exec(text)?.[1];
  if (authority === undefined || url.protocol !== "https:") return "not_https";
  if (authority.includes("@")) return "credentials";
  const name = authority.toLowerCase().replace(/:443$/, "");
  if (url.port !== "" || /:\d*$/.test(name.replace(/^\[[^\]]*\]/, ""))) return "port";
  if (name !== url.hostname || isAddress(name)) return "address";
  return isPublicName(name) ? undefined : "internal_name";
}

function isAddress(name: string): boolean {
  return name.startsWith("[") || /^[\d.]+$/.test(name);
}

function isPublicName(name: string): boolean {
  if (name.length > 253 || !nameForm.test(name)) return false;
  return !internalSuffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}
