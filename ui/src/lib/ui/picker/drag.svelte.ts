/** How far the pointer goes before a press becomes a drag. */
const threshold = 5;

export type Side = "available" | "selected";

interface Handlers {
  /** The side under a point of the window, if any. */
  sideAt: (x: number, y: number) => Side | null;
  ondrop: (from: Side) => void;
}

/**
 * Dragging entries from one list to the other, on pointer events: the window's own drag and drop never drops in a
 * desktop web view.
 */
export class Drag {
  /** The list that is dragged from, while something is dragged. */
  from = $state<Side | null>(null);
  /** The list that would take it. */
  over = $state<Side | null>(null);
  x = $state(0);
  y = $state(0);

  readonly #handlers: Handlers;
  #pressed: { side: Side; x: number; y: number } | null = null;

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  press(side: Side, event: PointerEvent): void {
    this.#pressed = { side, x: event.clientX, y: event.clientY };
  }

  move(event: PointerEvent): void {
    if (!this.#pressed) return;
    if (event.buttons === 0) {
      // The button was let go outside of the window.
      this.cancel();
      return;
    }
    const { side, x, y } = this.#pressed;
    if (this.from === null && Math.hypot(event.clientX - x, event.clientY - y) < threshold) return;
    this.from = side;
    this.x = event.clientX;
    this.y = event.clientY;
    const under = this.#handlers.sideAt(event.clientX, event.clientY);
    this.over = under === side ? null : under;
  }

  /** Whether a drag ended here, rather than a click. */
  release(): boolean {
    const { from, over } = this;
    this.cancel();
    if (from !== null && over !== null) this.#handlers.ondrop(from);
    return from !== null;
  }

  cancel(): void {
    this.#pressed = null;
    this.from = null;
    this.over = null;
  }
}
