import { ScaledScroll } from "./scaled-scroll";

/** Rows kept ready above and below those that are seen, from the first time on that somebody scrolls. */
const overscan = 8;
/** Where nothing can be measured, as in a test, there is still something to see. */
const usualRowHeight = 36;
const leastViewport = 12 * usualRowHeight;
/** What stands above and below a list in most windows: a good guess saves the first painting a second layout. */
const usuallyAround = 160;
/** A window that is not shown yet has no height. */
const usualHeight = 800;
const restAfter = 150;

/** Which rows of a long grid exist, and where they stand. */
export class GridWindow {
  rowHeight = $state(usualRowHeight);
  /** How tall the part is through which rows are seen. */
  viewport = $state(Math.max(leastViewport, (window.innerHeight || usualHeight) - usuallyAround));
  /** How tall the element is that holds all rows. */
  height = $state(0);

  readonly #rows: () => number;
  readonly #scale = new ScaledScroll();
  #scroller: HTMLElement | null = null;
  #question: unknown;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  /** Before anybody scrolls, rows that nobody sees would only hold up what is painted. */
  #margin = $state(0);

  /** What of all rows is above the part that is seen, and of the element. */
  #offset = $state(0);
  #top = $state(0);

  readonly first = $derived.by(() => Math.max(0, Math.floor(this.#offset / this.rowHeight) - this.#margin));
  readonly last = $derived.by(() =>
    Math.min(this.#rows() - 1, Math.ceil((this.#offset + this.viewport) / this.rowHeight) + this.#margin),
  );

  constructor(rows: () => number) {
    this.#rows = rows;
  }

  /** Follows the size of the element that scrolls; `probe` is as tall as a row, `head` stands over the rows. */
  attach(scroller: HTMLElement, probe: HTMLElement, head: HTMLElement): () => void {
    this.#scroller = scroller;
    const observer = new ResizeObserver(() => {
      this.rowHeight = probe.offsetHeight || usualRowHeight;
      this.viewport = scroller.clientHeight - head.offsetHeight || leastViewport;
    });
    observer.observe(scroller);
    observer.observe(probe);
    return () => {
      clearTimeout(this.#restTimer);
      observer.disconnect();
    };
  }

  resize(): void {
    this.#scale.resize(this.#rows() * this.rowHeight, this.viewport);
    this.#read();
  }

  scrolled(): void {
    if (!this.#scroller) return;
    this.#scale.scrolled(this.#scroller.scrollTop);
    if (this.#scroller.scrollTop > 0) this.#margin = overscan;
    this.#read();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      if (this.#scroller && this.#scale.settledTop !== this.#scale.top) {
        this.#scroller.scrollTop = this.#scale.settle();
        this.#read();
      }
    }, restAfter);
  }

  /** Another question takes the list back to its top. A fresh one stands there: it need not be laid out once more. */
  answer(question: unknown): void {
    const before = this.#question;
    this.#question = question;
    if (before === undefined || before === question) return;
    this.#goTo(0);
    this.#margin = 0;
  }

  /** Scrolls no farther than it takes to see the row. */
  reveal(index: number): void {
    const start = index * this.rowHeight;
    const { offset } = this.#scale;
    if (start < offset) this.#goTo(start);
    else if (start + this.rowHeight > offset + this.viewport) this.#goTo(start + this.rowHeight - this.viewport);
  }

  /** Where a row stands in the element; one that is far away waits at its edge. */
  topOf(index: number): number {
    const y = Math.round(index * this.rowHeight - this.#offset + this.#top);
    // How tall the element is changes with every answer, and where the rows in sight stand does not.
    if (index >= this.first && index <= this.last) return Math.max(0, y);
    return Math.max(0, Math.min(y, Math.round(this.height - this.rowHeight)));
  }

  #goTo(offset: number): void {
    const top = this.#scale.goTo(offset);
    if (this.#scroller) this.#scroller.scrollTop = top;
    this.#read();
  }

  #read(): void {
    this.#offset = this.#scale.offset;
    this.#top = this.#scale.top;
    this.height = this.#scale.height;
  }
}
