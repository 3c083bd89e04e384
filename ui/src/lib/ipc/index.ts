export type * from "./bindings";
export { gatewayContext, getGateway, setGateway } from "./context";
export { LatchkeyError, toLatchkeyError } from "./error";
export type { Gateway, Unlisten } from "./gateway";
export { readOpening, takeOpening } from "./opening";
