import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { LatchkeyError } from "../ipc";
import LiveRegion from "../ui/LiveRegion.svelte";
import ServerWait from "./ServerWait.svelte";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function busy(seconds: number | null): LatchkeyError {
  const server = { host: "a.example", fault: "busy" as const, status: null, seconds, said: null, advice: null };
  return new LatchkeyError({ code: "remote_throttled", message: "busy", hint: null, field: null, server });
}

it("counts down until the server may be asked again, and says so once", async () => {
  const { baseElement } = render(LiveRegion);
  const { rerender, container } = render(ServerWait, { props: { problem: busy(61) } });
  expect(screen.getByText("It can be tried again in 1:01.")).toBeVisible();
  vi.advanceTimersByTime(2000);
  await tick();
  expect(screen.getByText("It can be tried again in 59 seconds.")).toBeVisible();
  vi.advanceTimersByTime(59_000);
  await tick();
  await tick();
  expect(screen.getAllByText("It can be tried again now.").length).toBeGreaterThan(0);
  expect(baseElement.querySelector("[aria-live='polite']")).toHaveTextContent("It can be tried again now.");
  await rerender({ problem: busy(840) });
  expect(screen.getByText("It can be tried again in 14:00.")).toBeVisible();
  await rerender({ problem: null });
  expect(container.textContent.trim()).toBe("");
});

it("says nothing where the server does not say how long", () => {
  const { container } = render(ServerWait, { props: { problem: busy(null) } });
  expect(container.textContent.trim()).toBe("");
});
