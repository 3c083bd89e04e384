import { getContext, setContext } from "svelte";

import type { Gateway } from "./gateway";

const key = Symbol("gateway");

export function setGateway(gateway: Gateway): void {
  setContext(key, gateway);
}

/** The gateway given to the window at its root. Call it while a component is being set up. */
export function getGateway(): Gateway {
  const gateway = getContext<Gateway | undefined>(key);
  if (!gateway) throw new Error("No gateway: mount the component with one in its context.");
  return gateway;
}

/** For mounting a component outside of `App`: `render(Component, { context: gatewayContext(gateway) })`. */
export function gatewayContext(gateway: Gateway): Map<unknown, unknown> {
  return new Map([[key, gateway]]);
}
