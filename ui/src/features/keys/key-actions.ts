import type { KeyDetails } from "../../lib/ipc";

/** What can be done with one key. */
export type KeyAction = "copy" | "edit" | "disable" | "enable" | "rotate" | "revoke" | "delete";

/** What can be done with this one by now, in the order of a menu. Not every server can switch a key off. */
export function actionsOf({ key, lineage }: KeyDetails, switches: boolean): KeyAction[] {
  const actions: KeyAction[] = key.holding === "held" ? ["copy"] : [];
  if (key.status !== "revoked") {
    actions.push("edit");
    if (key.status === "disabled") actions.push("enable");
    else if (key.status !== "expired" && switches) actions.push("disable");
    // A key whose rotation has begun is finished or undone first.
    if (lineage.stage === null) actions.push("rotate");
    actions.push("revoke");
  }
  return [...actions, "delete"];
}
