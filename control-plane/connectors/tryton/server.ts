import type { TrytonServer } from "./client.ts";
import type { TrytonOptions } from "./translate.ts";

/** The settings that name a Tryton; the password is a secret. */
export interface TrytonSettings {
  readonly TRYTON_URL?: string;
  readonly TRYTON_DATABASE?: string;
  readonly TRYTON_USER?: string;
  readonly TRYTON_PASSWORD?: string;
  /** Whose days Tryton's dates are; default UTC. */
  readonly TRYTON_TIME_ZONE?: string;
}

/** The Tryton that the settings name, if they name one whole. */
export function trytonOf(settings: TrytonSettings): (TrytonServer & TrytonOptions) | undefined {
  const {
    TRYTON_URL: url,
    TRYTON_DATABASE: database,
    TRYTON_USER: user,
    TRYTON_PASSWORD: password,
  } = settings;
  if (url === undefined || database === undefined || user === undefined || password === undefined) {
    return undefined;
  }
  return { url, database, user, password, timeZone: settings.TRYTON_TIME_ZONE ?? "UTC" };
}
