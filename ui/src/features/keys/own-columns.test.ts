import { describe, expect, it } from "vitest";

import type { Words } from "../../lib/ipc";
import { ownColumns } from "./own-columns";

const words = { name: "Label", key: "Secret key" } as Words;
const columns = ["name", "key", "created", "owner", "api_sets", "status"] as const;

describe("the columns of a template", () => {
  it("are in its order and its words", () => {
    const own = ownColumns({ columns: [...columns], words }, Infinity);
    expect(own?.columns.map(({ label }) => label)).toEqual([
      "Label",
      "Secret key",
      "Created",
      "Owner",
      "API sets",
      "Status",
    ]);
    expect(own?.widths.split(") ")).toHaveLength(4);
  });

  it("make way for each other where there is no room, and the name and the status stay", () => {
    const shown = (room: number) => ownColumns({ columns: [...columns], words }, room)?.columns.map(({ id }) => id);
    expect(shown(43)).toEqual(["name", "key", "owner", "sets", "status"]);
    expect(shown(20)).toEqual(["name", "status"]);
    expect(shown(1)).toEqual(["name", "status"]);
  });

  it("are the program's own where the template has none", () => {
    expect(ownColumns({ columns: [], words }, Infinity)).toBeNull();
  });
});
