import { describe, expect, it } from "vitest";

import { MemoryGateway } from "../../lib/ipc/memory";
import { actionsOf } from "./key-actions";
import { KeyList } from "./key-list.svelte";

const { gateway } = new MemoryGateway();
const { keys } = await gateway.keyList({ ...new KeyList(gateway).asked, limit: 1 });
const details = await gateway.keyShow(keys[0]!.id);

function actions(
  key: Partial<typeof details.key>,
  { switches = true, stage = null }: { switches?: boolean; stage?: typeof details.lineage.stage } = {},
) {
  const plain = { holding: "none", status: "active" } as const;
  return actionsOf(
    { ...details, key: { ...details.key, ...plain, ...key }, lineage: { ...details.lineage, stage } },
    switches,
  );
}

describe("what can be done with a key", () => {
  it("is all of it with one that works", () => {
    expect(actions({ holding: "held" })).toEqual(["copy", "edit", "disable", "rotate", "revoke", "delete"]);
    expect(actions({ status: "expiring" })).toEqual(["edit", "disable", "rotate", "revoke", "delete"]);
  });

  it("is what makes sense with one that does not", () => {
    expect(actions({ status: "disabled" })).toEqual(["edit", "enable", "rotate", "revoke", "delete"]);
    expect(actions({ status: "expired" })).toEqual(["edit", "rotate", "revoke", "delete"]);
    expect(actions({ status: "revoked", holding: "missing" })).toEqual(["delete"]);
  });

  it("is no switch where a server has none, but what is off can be switched on", () => {
    expect(actions({}, { switches: false })).not.toContain("disable");
    expect(actions({ status: "disabled" }, { switches: false })).toContain("enable");
  });

  it("is no second rotation", () => {
    expect(actions({}, { stage: "under_way" })).not.toContain("rotate");
  });
});
