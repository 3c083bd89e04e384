import type { LucideIcon } from "@lucide/svelte";
import Ban from "@lucide/svelte/icons/ban";
import Cog from "@lucide/svelte/icons/cog";
import Footprints from "@lucide/svelte/icons/footprints";
import Server from "@lucide/svelte/icons/server";

import { isNative } from "../../lib/connector/words";
import type { Capability, CapabilityWay, Connector } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

/** What is done with keys, as the head of a row. */
export const capabilityWords: Record<Capability, () => string> = {
  list: m.connectors_can_list,
  create: m.connectors_can_create,
  update: m.connectors_can_update,
  disable: m.connectors_can_disable,
  revoke: m.connectors_can_revoke,
  rotate: m.connectors_can_rotate,
  check: m.connectors_can_check,
  api_sets: m.connectors_can_api_sets,
};

/** How it is done: a sign, a word, and what that means. */
export const wayWords: Record<CapabilityWay, { icon: LucideIcon; word: () => string; text: () => string }> = {
  native: { icon: Server, word: m.connectors_way_native, text: m.connectors_way_native_text },
  composed: { icon: Cog, word: m.connectors_way_composed, text: m.connectors_way_composed_text },
  guided: { icon: Footprints, word: m.connectors_way_guided, text: m.connectors_way_guided_text },
  impossible: { icon: Ban, word: m.connectors_way_impossible, text: m.connectors_way_impossible_text },
};

/** Whether there is anything that a server could be asked without a change. */
export function canBeTried(connector: Connector): boolean {
  return connector.problem === null && (isNative(connector, "list") || isNative(connector, "check"));
}
