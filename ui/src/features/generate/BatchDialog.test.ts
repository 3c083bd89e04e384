import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type Policy } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { harbourWorld } from "../../lib/ipc/memory-fixture";
import BatchDialog from "./BatchDialog.svelte";

const now = new Date(2026, 10, 21, 9, 0);
const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

async function open(policy: Partial<Policy> = {}) {
  const world = harbourWorld(now);
  const stored = world.tenants.find((tenant) => tenant.name === "Harbour Authority");
  if (!stored) throw new Error("no tenant");
  Object.assign(stored.policy, policy);
  const memory = new MemoryGateway({ world, now: () => now });
  const tenant = (await memory.gateway.tenantList()).find((one) => one.id === stored.id);
  if (!tenant) throw new Error("no tenant");
  const on = { close: vi.fn(), finished: vi.fn(), manage: vi.fn() };
  const view = render(BatchDialog, {
    props: {
      tenant,
      operator: "Port operations",
      onclose: on.close,
      onfinished: on.finished,
      onmanagesets: on.manage,
      onmanageorganizations: on.manage,
      now: () => now.getTime(),
    },
    context: gatewayContext(memory.gateway),
  });
  await screen.findByRole("option", { name: "Billing" });
  return { ...view, ...on, memory, stored, user: userEvent.setup() };
}

async function openFrom(template: string) {
  const memory = new MemoryGateway({ now: () => now });
  const tenant = await memory.gateway.tenantAdd({ name: "Parts catalogue", prefix: null, template });
  render(BatchDialog, {
    props: {
      tenant,
      operator: "Port operations",
      onclose: vi.fn(),
      onfinished: vi.fn(),
      onmanagesets: vi.fn(),
      onmanageorganizations: vi.fn(),
    },
    context: gatewayContext(memory.gateway),
  });
  return { memory, tenant, user: userEvent.setup() };
}

type Opened = Awaited<ReturnType<typeof open>>;

const field = (name: RegExp) => screen.getByRole("textbox", { name });
const button = (name: string | RegExp) => screen.getByRole("button", { name });

async function fill({ user }: Pick<Opened, "user">, count: string, pattern: string): Promise<void> {
  await user.type(field(/^How many/), count);
  // Braces are keys to user-event.
  await user.type(field(/^Name with a number/), pattern.replaceAll("{", "{{"));
}

describe("Generate Many Keys", () => {
  it("shows the names while they are typed, and generates what was asked for", async () => {
    const opened = await open();
    const { user, memory, stored, finished } = opened;
    expect(field(/^How many/)).toHaveFocus();
    await fill(opened, "250", "device-{n:03}");
    expect(await screen.findByText("device-001, device-002, device-003 … device-250")).toBeVisible();
    await user.type(field(/^Description/), "At the gates");
    expect(field(/^Owner/)).toHaveValue("Port operations");
    await user.clear(field(/^Owner/));
    await user.type(field(/^Owner/), "Grace");
    await user.type(field(/^Tags/), "kiosks, north");
    await user.click(screen.getByRole("radio", { name: /A folder/ }));
    await user.type(field(/^Seal with age/), `${recipient}\n${recipient}`);
    await user.dblClick(screen.getByRole("option", { name: "Billing" }));
    expect(screen.getByText("Each key may use 1 API set.")).toBeVisible();
    await user.click(button("Generate …"));

    expect(memory.callsOf("batchRun")).toEqual([
      [
        {
          tenant: stored.id,
          names: { kind: "pattern", pattern: "device-{n:03}", count: 250 },
          description: "At the gates",
          owner: "Grace",
          api_sets: ["billing"],
          tags: ["kiosks", "north"],
          expires: { kind: "days", days: 90 },
          delivery: "folder",
          recipients: [recipient, recipient],
        },
      ],
    ]);
    memory.batches.finish();
    await screen.findByRole("dialog", { name: "250 Keys Generated" });
    expect(screen.getByText(/Written to .*keys.csv, readable by you alone/)).toBeVisible();
    await user.click(button("Close"));
    expect(finished).toHaveBeenCalledOnce();
  });

  it("says how far it is, and cancels", async () => {
    const opened = await open();
    const { user, memory } = opened;
    await fill(opened, "100000", "device-{n}");
    await user.click(button("Generate …"));
    memory.batches.progress = { drawn: 42_000, listed: 0, total: 100_000 };
    memory.emit("batch-progress");
    expect(await screen.findByText("42,000 of 100,000 keys are written.")).toBeVisible();
    expect(screen.getByRole("progressbar")).toHaveAttribute("value", "0.21");
    memory.batches.progress = { drawn: 100_000, listed: 50_000, total: 100_000 };
    memory.emit("batch-progress");
    expect(await screen.findByText("50,000 of 100,000 keys are in the list.")).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
    expect(memory.callsOf("batchCancel")).toHaveLength(1);
    expect(field(/^Name with a number/)).toHaveValue("device-{n}");
  });

  it("keeps what was typed when the dialog for the place is closed", async () => {
    const opened = await open();
    opened.memory.batches.closesDialog = true;
    await fill(opened, "2", "kiosk {n}");
    await opened.user.click(button("Generate …"));
    await waitFor(() => expect(button("Generate …")).toBeEnabled());
    expect(field(/^How many/)).toHaveValue("2");
    expect(opened.close).not.toHaveBeenCalled();
  });

  it("puts what is wrong at its field, with the focus", async () => {
    const opened = await open();
    const { user } = opened;
    await fill(opened, "2", "kiosk");
    await user.click(button("Generate …"));
    expect(await screen.findByText(/Write \{n\} where the number goes, or \{n:05\}/)).toBeVisible();
    expect(field(/^Name with a number/)).toHaveFocus();
    await user.clear(field(/^How many/));
    await user.click(button("Generate …"));
    expect(await screen.findByText("Choose a number from 1 to 1000000.")).toBeVisible();
    expect(field(/^How many/)).toHaveFocus();
    await user.type(field(/^How many/), "1");
    await user.type(field(/^Seal with age/), "ssh-ed25519");
    await user.click(button("Generate …"));
    expect(await screen.findByText("This is no public key of age. It begins with age1.")).toBeVisible();
    expect(field(/^Seal with age/)).toHaveFocus();
  });

  it("stands at description, owner or tags where one of them is at fault", async () => {
    const opened = await open();
    const { user, memory } = opened;
    await fill(opened, "2", "kiosk {n}");
    for (const [name, label] of [
      ["description", /^Description/],
      ["owner", /^Owner/],
      ["tags", /^Tags/],
    ] as const) {
      memory.fail("batchRun", { code: "invalid_input", field: { name, rule: "invisible_character" } });
      await user.click(button("Generate …"));
      await waitFor(() => expect(field(label)).toHaveFocus());
      expect(field(label)).toBeInvalid();
      await user.keyboard("x");
      expect(field(label)).toBeValid();
    }
  });

  it("takes no owner but the operator where the tenant wants it so", async () => {
    await open({ own_keys_only: true });
    expect(field(/^Owner/)).toHaveAttribute("readonly");
    expect(field(/^Owner/)).toHaveValue("Port operations");
  });

  it("takes the names from a list, and says which line is wrong", async () => {
    const { user, memory, container } = await open();
    await user.click(screen.getByRole("radio", { name: "From a CSV file" }));
    memory.fail("batchNames", {
      code: "invalid_input",
      field: { name: "names", rule: "line", line: 7, problem: { name: "name", rule: "too_short", min: 3 } },
    });
    await user.click(button("Choose a CSV file …"));
    expect(await screen.findByText("Line 7: Use at least 3 characters.")).toBeVisible();
    memory.batches.list = {
      file: "kiosks.csv",
      preview: { keys: 1_200, first: ["Gate", "Pier", "Quay"], last: "Yard", same_name: 2, recipients: 1_200 },
    };
    await user.click(button("Choose a CSV file …"));
    expect(await screen.findByText("kiosks.csv: 1,200 names")).toBeVisible();
    expect(screen.getByText("Gate, Pier, Quay … Yard")).toBeVisible();
    expect(screen.getByText("2 names stand there more than once.")).toBeVisible();
    expect(screen.getByText("1,200 files are sealed to a recipient of their own.")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(button("Generate …"));
    expect(memory.callsOf("batchRun")[0]).toMatchObject([{ names: { kind: "list" } }]);
  });
});

describe("Generate Many Keys from a template", () => {
  it("says that nothing chosen restricts nothing where the template has it so", async () => {
    const { user } = await openFrom("docspace");
    expect(await screen.findByText("Each key may do everything that its creator may do.")).toBeVisible();
    expect(screen.queryByText(/can use n/)).toBeNull();
    expect(screen.getByText("None yet: the key is not restricted.")).toBeVisible();
    await user.dblClick(await screen.findByRole("option", { name: /Files: Read/ }));
    expect(await screen.findByText("Each key may use 1 API set.")).toBeVisible();
  });

  it("says so too where keys have no API sets", async () => {
    await openFrom("documenso");
    expect(await screen.findByText("Each key may do everything in its team.")).toBeVisible();
  });

  it("says what follows from organization and groups, and what is held back", async () => {
    const { user, memory, tenant } = await openFrom("documoto");
    expect(await screen.findByText(/what the keys may do follows from them/)).toBeVisible();
    await user.click(await screen.findByRole("checkbox", { name: "Publishers" }));
    expect(await screen.findByText("Each key has Publisher: it may read and change content and tags.")).toBeVisible();
    await memory.gateway.organizationEdit(tenant.id, { id: "main", name: "Main", permissions: ["publisher"] });
    await user.click(screen.getByRole("checkbox", { name: "Exporters" }));
    expect(await screen.findByText(/Each key has Publisher.*Its organization holds back Exporter\./)).toBeVisible();
  });
});
