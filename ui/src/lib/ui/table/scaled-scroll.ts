/**
 * A browser element stops at about 16.7 million pixels of height, and at half of that when the page is zoomed to
 * 200 %: a million rows do not fit. Beyond this height the scroll bar stands for a longer list than the element is.
 */
export const tallest = 6_000_000;

/**
 * Turns the scroll position of an element into a position in a list that may be longer than any element.
 *
 * Small moves (wheel, keys, touch) move the list by as much as the element, so that rows glide as in a short list.
 * Large ones (dragging the bar) move it in proportion. The two drift apart, so `settledTop` tells where the element
 * should stand once it rests.
 */
export class ScaledScroll {
  #content = 0;
  #viewport = 0;
  #top = 0;
  #offset = 0;

  /** Pixels of the list above the first visible one. */
  get offset(): number {
    return this.#offset;
  }

  /** Where the element stands. */
  get top(): number {
    return this.#top;
  }

  /** How tall the element has to be. */
  get height(): number {
    return Math.min(this.#content, tallest);
  }

  get #lastOffset(): number {
    return Math.max(0, this.#content - this.#viewport);
  }

  get #lastTop(): number {
    return Math.max(0, this.height - this.#viewport);
  }

  get #scaled(): boolean {
    return this.#content > tallest;
  }

  /** The list or the window changed its size. The position stays as far as it can. */
  resize(content: number, viewport: number): void {
    this.#content = content;
    this.#viewport = viewport;
    this.#offset = Math.min(this.#offset, this.#lastOffset);
  }

  /** The element was scrolled to `top`. */
  scrolled(top: number): void {
    const moved = top - this.#top;
    this.#top = top;
    if (!this.#scaled) {
      this.#offset = Math.max(0, top);
    } else if (top <= 0) {
      this.#offset = 0;
    } else if (top >= this.#lastTop) {
      this.#offset = this.#lastOffset;
    } else if (Math.abs(moved) <= this.#viewport) {
      this.#offset = Math.min(Math.max(0, this.#offset + moved), this.#lastOffset);
    } else {
      this.#offset = (top / this.#lastTop) * this.#lastOffset;
    }
  }

  /** Goes to a position in the list; answers where the element has to be scrolled to. */
  goTo(offset: number): number {
    this.#offset = Math.min(Math.max(0, offset), this.#lastOffset);
    this.#top = this.settledTop;
    return this.#top;
  }

  /** Where the element would stand if it had only ever been dragged. */
  get settledTop(): number {
    if (!this.#scaled) return this.#offset;
    const top = Math.round((this.#offset / this.#lastOffset) * this.#lastTop);
    // The ends are special to `scrolled`: only the very first and last pixel may stand there.
    if (this.#offset > 0 && top <= 0) return 1;
    if (this.#offset < this.#lastOffset && top >= this.#lastTop) return this.#lastTop - 1;
    return top;
  }

  /** Says that the element was moved to `settledTop` without a change of what is shown. */
  settle(): number {
    this.#top = this.settledTop;
    return this.#top;
  }
}
