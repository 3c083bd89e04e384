import { beforeEach, describe, expect, it, vi } from "vitest";

const { invoke, listen } = vi.hoisted(() => ({ invoke: vi.fn(), listen: vi.fn() }));
vi.mock("@tauri-apps/api/core", () => ({ invoke }));
vi.mock("@tauri-apps/api/event", () => ({ listen }));

import { LatchkeyError } from "./error";
import { tauriGateway } from "./tauri";

beforeEach(() => {
  invoke.mockReset().mockResolvedValue(null);
  listen.mockReset();
});

describe("the gateway to Rust", () => {
  it("hands arguments over by the names that Rust expects", async () => {
    await tauriGateway.keyRevoke("k1", "stolen");
    await tauriGateway.secretClose("k1", true);
    await tauriGateway.auditList(41, 100);
    expect(invoke.mock.calls).toEqual([
      ["key_revoke", { key: "k1", reason: "stolen" }],
      ["secret_close", { key: "k1", unsaved: true }],
      ["audit_list", { before: 41, limit: 100 }],
    ]);
  });

  it("has a command of its own for every method", async () => {
    const methods = Object.entries(tauriGateway).filter(([name]) => name !== "on");
    for (const [, method] of methods) await (method as (...args: unknown[]) => Promise<unknown>)();
    const commands = invoke.mock.calls.map(([command]) => command as string);
    const expected = methods.map(([name]) => name.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`));
    expect(commands).toEqual(expected);
  });

  it("turns Rust's refusals into errors with their code and field", async () => {
    invoke.mockRejectedValue({
      code: "invalid_input",
      message: "too short",
      hint: null,
      field: { name: "name", rule: "too_short", min: 3 },
    });
    const error = await tauriGateway.tenantList().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LatchkeyError);
    expect((error as LatchkeyError).field).toEqual({ name: "name", rule: "too_short", min: 3 });
  });

  it.each([["a string"], [new Error("a crash")], [undefined], [{ code: 7 }]])(
    "gives %j, which no contract knows, the same shape",
    async (thrown) => {
      invoke.mockRejectedValue(thrown);
      const error = await tauriGateway.tenantList().catch((reason: unknown) => reason);
      expect((error as LatchkeyError).code).toBe("failed");
    },
  );

  it("does not hand the payload of an event on", async () => {
    listen.mockImplementation((_event: string, callback: (event: unknown) => void) => {
      callback({ payload: "anything" });
      return Promise.resolve(() => undefined);
    });
    const handler = vi.fn();
    await tauriGateway.on("profile-changed", handler);
    expect(handler).toHaveBeenCalledWith();
  });
});
