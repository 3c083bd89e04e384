import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { CodeShow } from "./code-show.svelte";
import CodesDialog from "./CodesDialog.svelte";

const harbour = "t-harbour";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function motion(reduced: boolean): void {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: reduced && query.includes("reduced-motion") }));
}

async function show(reduced: boolean) {
  motion(reduced);
  const memory = new MemoryGateway();
  const codes = await memory.gateway.bundleCodes({ tenant: harbour, since: null, valid_for: null, above: null });
  const onclose = vi.fn();
  const view = render(CodesDialog, { props: { codes, onclose }, context: gatewayContext(memory.gateway) });
  return { ...view, onclose, memory, user: userEvent.setup() };
}

it("stands still and is stepped by hand where the system asks for less motion", async () => {
  const { user, container } = await show(true);
  expect(await screen.findByRole("img", { name: "QR code: Part 1 of 4" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Play" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Next code" }));
  expect(await screen.findByText("Part 2 of 4", { selector: "figcaption" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Previous code" }));
  await screen.findByText("Part 1 of 4", { selector: "figcaption" });
  await user.click(screen.getByRole("button", { name: "Previous code" }));
  expect(await screen.findByText(/^Extra part 12, mixed of several/, { selector: "figcaption" })).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
});

it("moves by itself otherwise, and stops when it is told to", async () => {
  const { user } = await show(false);
  expect(await screen.findByText("Part 2 of 4", { selector: "figcaption" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Pause" }));
  expect(screen.getByRole("button", { name: "Play" })).toBeVisible();
});

it("draws what Rust says, dark on white, without a style of its own", async () => {
  const { container } = await show(true);
  const image = await screen.findByRole("img");
  expect(image).toHaveAttribute("viewBox", "0 0 77 77");
  expect(image.querySelector("path")).toHaveAttribute("d", "M4 5h7v1h-7z");
  expect(container.querySelector("[style]")).toBeNull();
});

it("saves a page to print", async () => {
  const { user, memory } = await show(true);
  await user.click(await screen.findByRole("button", { name: "Save page to print…" }));
  expect(await screen.findByText("Saved: /home/port/key.APIKEY", { selector: "p" })).toBeVisible();
  memory.fail("bundleCodesSave", { code: "read_only" });
  await user.click(screen.getByRole("button", { name: "Save page to print…" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The place cannot be written to.");
});

it("changes fewer than three times a second, begins again after extra parts, and ends with a failure", async () => {
  vi.useFakeTimers();
  const memory = new MemoryGateway();
  await memory.gateway.bundleCodes({ tenant: harbour, since: null, valid_for: null, above: null });
  const codes = new CodeShow(memory.gateway, 2);
  await codes.open(true);
  const seen = [codes.number];
  for (let second = 0; second < 3; second += 1) {
    const before = memory.callsOf("bundleCode").length;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(memory.callsOf("bundleCode").length - before).toBeLessThanOrEqual(3);
    seen.push(codes.number);
  }
  expect(Math.max(...memory.callsOf("bundleCode").map(([number]) => number as number))).toBe(6);
  expect(new Set(seen).size).toBeGreaterThan(1);
  memory.fail("bundleCode", { code: "not_now" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([codes.playing, codes.problem?.code]).toEqual([false, "not_now"]);
  await waitFor(() => expect(codes.number).toBeGreaterThan(0));
});
