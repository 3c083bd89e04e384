import "@testing-library/jest-dom/vitest";

import { beforeEach } from "vitest";

import { overwriteGetLocale } from "../src/paraglide/runtime";

beforeEach(() => {
  overwriteGetLocale(() => "en");
});

// What jsdom lacks and every browser engine under the window has.

HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement): void {
  if (this.open) throw new DOMException("The dialog is open already.", "InvalidStateError");
  this.setAttribute("open", "");
};

HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement): void {
  if (!this.open) return;
  this.removeAttribute("open");
  this.dispatchEvent(new Event("close"));
};

HTMLElement.prototype.showPopover = function showPopover(this: HTMLElement): void {
  this.setAttribute("data-open", "");
};

HTMLElement.prototype.hidePopover = function hidePopover(this: HTMLElement): void {
  this.removeAttribute("data-open");
};

Element.prototype.scrollIntoView = function scrollIntoView(): void {};
Element.prototype.setPointerCapture = function setPointerCapture(): void {};
Element.prototype.releasePointerCapture = function releasePointerCapture(): void {};
Element.prototype.hasPointerCapture = () => false;
document.elementFromPoint = () => null;
// axe looks for icon fonts on a canvas; without one it takes every text for text.
HTMLCanvasElement.prototype.getContext = () => null;

globalThis.ResizeObserver ??= class implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

window.matchMedia ??= (query: string): MediaQueryList => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
});

globalThis.PointerEvent ??= class extends MouseEvent {} as unknown as typeof PointerEvent;
