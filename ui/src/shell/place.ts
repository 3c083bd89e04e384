/** What the middle of the window shows. */
export type Place =
  | { view: "keys"; tenant: string | null }
  | { view: "verify" }
  | { view: "audit" }
  | { view: "connectors" }
  | { view: "settings" };

const storageKey = "latchkey.tenant";

/** The tenant that was open when the window was last closed. Only its identifier is remembered. */
export function rememberedTenant(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function rememberTenant(tenant: string | null): void {
  try {
    if (tenant === null) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, tenant);
  } catch {
    // Without storage the window opens with all keys, which is no loss.
  }
}
