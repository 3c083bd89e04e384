/** What the middle of the window shows. */
export type Place =
  | { view: "keys"; tenant: string | null }
  | { view: "verify" }
  | { view: "audit" }
  | { view: "connectors" }
  | { view: "settings" };
