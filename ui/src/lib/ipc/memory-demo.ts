/** What the address of the development server can ask for: `?world=empty`, `?state=locked`, `?many=1000000` … */
import type { ErrorCode, KeyView, ProfileState } from "./bindings";
import type { Gateway } from "./gateway";
import { MemoryGateway } from "./memory";
import { emptyWorld, harbourWorld } from "./memory-fixture";

export function demoGateway(wishes: URLSearchParams): Gateway {
  const now = new Date();
  const world = wishes.get("world") === "empty" ? emptyWorld() : harbourWorld(now);
  const state = wishes.get("state") as ProfileState | null;
  if (state) world.profile.state = state;
  if (state === "new") world.profile.vault = null;
  if (state === "locked") world.profile.vault = { kind: "passphrase", locked: true };
  if (state === "broken") {
    world.profile.problem = { code: "profile_newer", message: "newer", hint: null, field: null };
  }
  const keychain = wishes.get("keychain") as ErrorCode | null;
  if (keychain) world.profile.keychain = { error: { code: keychain, message: keychain, hint: null, field: null } };
  const theme = wishes.get("theme");
  if (theme === "light" || theme === "dark") world.profile.settings.appearance = theme;

  const memory = new MemoryGateway({ world, delay: Number(wishes.get("delay") ?? 0) });
  const failing = wishes.get("fail");
  if (failing) {
    const [method, code] = failing.split(":");
    memory.fail(method as Exclude<keyof Gateway, "on">, { code: (code ?? "failed") as ErrorCode }, false);
  }
  const many = Number(wishes.get("many") ?? 0);
  return many > 0 ? withMany(memory.gateway, many) : memory.gateway;
}

/** Lists so many keys that no page could hold them; each is made up when it is asked for. */
function withMany(gateway: Gateway, total: number): Gateway {
  return {
    ...gateway,
    keyCount: () => Promise.resolve({ total }),
    keyList: async (query) => {
      const { keys } = await gateway.keyList({ ...query, offset: 0, limit: 1 });
      const [model] = keys;
      if (!model) return { keys: [], rotating: [], due: [], in_no_bundle: [], end_untold: [], names: [] };
      const length = Math.max(0, Math.min(query.limit || 100, total - query.offset));
      return {
        keys: Array.from({ length }, (_, step): KeyView => {
          const number = query.offset + step + 1;
          return { ...model, id: `many-${number}`, name: `device ${number}` };
        }),
        rotating: [],
        due: [],
        in_no_bundle: [],
        end_untold: [],
        names: [],
      };
    },
  };
}
