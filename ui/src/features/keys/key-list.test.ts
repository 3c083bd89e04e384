import { beforeEach, describe, expect, it, vi } from "vitest";

import { type Gateway, type KeyCount, type KeyPage, type KeyQuery, LatchkeyError } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { KeyList, pageSize } from "./key-list.svelte";

/** Answers only when it is told to, in whatever order. */
class SlowGateway {
  readonly pages: { query: KeyQuery; answer: (page: KeyPage) => void; fail: (reason: unknown) => void }[] = [];
  readonly counts: { query: KeyQuery; answer: (count: KeyCount) => void }[] = [];
  readonly gateway: Gateway = {
    ...new MemoryGateway().gateway,
    keyList: (query) =>
      new Promise((answer, fail) => {
        this.pages.push({ query, answer, fail });
      }),
    // Reminders count too; no test here is about them.
    keyCount: ({ rotation, bundle, ...query }) =>
      new Promise((answer) => {
        if (rotation ?? bundle) {
          answer({ total: 0 });
          return;
        }
        this.counts.push({ query, answer });
      }),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function pageOf(search: string, offset = 0): Promise<KeyPage> {
  const { gateway } = new MemoryGateway();
  const page = await gateway.keyList({
    tenant: "t-fleet",
    search,
    statuses: [],
    api_set: null,
    owner: null,
    sort: "name",
    descending: false,
    offset,
    limit: pageSize,
  });
  return page;
}

describe("the list of keys", () => {
  let slow: SlowGateway;
  let list: KeyList;

  beforeEach(() => {
    slow = new SlowGateway();
    list = new KeyList(slow.gateway);
  });

  /** Opens a tenant with so many keys. */
  async function open(total: number): Promise<KeyPage> {
    void list.open("t-fleet");
    const page = await pageOf("");
    slow.pages[0]?.answer(page);
    await vi.waitFor(() => expect(slow.counts).toHaveLength(1));
    slow.counts[0]?.answer({ total });
    await settle();
    return page;
  }

  it("shows the first page without waiting for the count", async () => {
    void list.open("t-fleet");
    slow.pages[0]?.answer(await pageOf(""));
    await settle();
    expect(list.row(0)?.name).toBe("vessel transponder 0001");
    expect(list.total).toBeNull();
    expect(list.busy).toBe(false);
    await vi.waitFor(() => expect(slow.counts).toHaveLength(1));
    slow.counts[0]?.answer({ total: 1002 });
    await settle();
    expect(list.total).toBe(1002);
    expect(list.rows).toBe(1002);
  });

  it("counts a fresh list only when its first page stands there", async () => {
    void list.open("t-fleet");
    await settle();
    expect(slow.pages).toHaveLength(1);
    expect(slow.counts).toHaveLength(0);
    slow.pages[0]?.answer(await pageOf(""));
    await vi.waitFor(() => expect(slow.counts).toHaveLength(1));
  });

  it("counts nothing where the first page is all there is", async () => {
    const opened = list.open("t-harbour");
    const { keys } = await pageOf("");
    slow.pages[0]?.answer({
      keys: keys.slice(0, 9),
      rotating: [],
      due: [],
      in_no_bundle: [],
      end_untold: [],
      names: [],
    });
    await opened;
    expect(slow.counts).toHaveLength(0);
  });

  it("asks for page and count of another question at the same time", async () => {
    list.setSearch("crane");
    await settle();
    expect(slow.pages).toHaveLength(1);
    expect(slow.counts).toHaveLength(1);
  });

  it("knows the total of a short page by itself", async () => {
    void list.open("t-harbour");
    const { keys } = await pageOf("");
    slow.pages[0]?.answer({
      keys: keys.slice(0, 9),
      rotating: [],
      due: [],
      in_no_bundle: [],
      end_untold: [],
      names: [],
    });
    await settle();
    expect(list.total).toBe(9);
  });

  it("drops the answer to an older question", async () => {
    void list.open("t-fleet");
    list.setSearch("0001");
    await settle();
    list.setSearch("0002");
    await settle();
    const [, first, second] = slow.pages;
    expect(second?.query.search).toBe("0002");
    second?.answer(await pageOf("0002"));
    await settle();
    first?.answer(await pageOf("0001"));
    await settle();
    expect(list.row(0)?.name).toBe("vessel transponder 0002");
  });

  it("asks once for words typed in one go", async () => {
    for (const text of ["c", "cr", "cra"]) list.setSearch(text);
    await settle();
    expect(slow.pages.map(({ query }) => query.search)).toEqual(["cra"]);
  });

  it("fetches what comes into view, and nothing twice", async () => {
    await open(1002);
    list.show(700, 720);
    list.show(701, 721);
    expect(slow.pages.map(({ query }) => query.offset)).toEqual([0, 700]);
    expect(list.row(700)).toBeUndefined();
    slow.pages[1]?.answer(await pageOf("", 700));
    await settle();
    expect(list.row(700)?.name).toBe("vessel transponder 0701");
  });

  it("does not ask for every page that is flown over", async () => {
    await open(1_000_000);
    for (let row = 0; row < 900_000; row += 10_000) list.show(row, row + 30);
    expect(slow.pages.length).toBeLessThanOrEqual(3);
    slow.pages[1]?.answer({ keys: [], rotating: [], due: [], in_no_bundle: [], end_untold: [], names: [] });
    await settle();
    expect(slow.pages.at(-1)?.query.offset).toBe(890_000);
  });

  it("keeps rows and selection while it looks again", async () => {
    const page = await open(1002);
    list.select(4);
    const chosen = list.selectedId;
    void list.refresh();
    expect(list.row(4)?.id).toBe(chosen);
    expect(list.total).toBe(1002);
    // Somebody made a key meanwhile: all others move down by one.
    slow.pages[1]?.answer({
      keys: [{ ...page.keys[0]!, id: "fresh" }, ...page.keys.slice(0, 99)],
      rotating: [],
      due: [],
      in_no_bundle: [],
      end_untold: [],
      names: [],
    });
    await settle();
    expect(list.selectedId).toBe(chosen);
    expect(list.activeIndex).toBe(5);
  });

  it("chooses a row that was reached before it had come", async () => {
    await open(1002);
    list.show(700, 720);
    list.select(705);
    expect(list.selectedId).toBeNull();
    slow.pages[1]?.answer(await pageOf("", 700));
    await settle();
    expect(list.selectedId).toBe(list.row(705)?.id);
  });

  it("says what went wrong, and recovers", async () => {
    void list.open("t-fleet");
    slow.pages[0]?.fail(new LatchkeyError({ code: "profile_busy", message: "", hint: null, field: null }));
    await settle();
    expect(list.problem?.code).toBe("profile_busy");
    void list.refresh();
    slow.pages[1]?.answer(await pageOf(""));
    await settle();
    expect(list.problem).toBeNull();
  });

  it("turns the order round with a second click, newest and A first", () => {
    list.sortBy("name");
    expect([list.sort, list.descending]).toEqual(["name", false]);
    list.sortBy("name");
    expect(list.descending).toBe(true);
    list.sortBy("created");
    expect(list.descending).toBe(true);
  });
});
