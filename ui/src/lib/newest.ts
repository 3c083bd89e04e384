/**
 * Answers may come in another order than their questions, and may be older than what the window did since. Only the
 * answer to the newest question counts.
 */
export class Newest {
  #asked = 0;

  /**
   * The answer, or `null` where another question was asked, or `overtake` called, before it came. The failure of such a
   * question is none.
   */
  async ask<T>(question: () => Promise<T>): Promise<{ answer: T } | null> {
    const asked = ++this.#asked;
    try {
      const answer = await question();
      return asked === this.#asked ? { answer } : null;
    } catch (reason) {
      if (asked === this.#asked) throw reason;
      return null;
    }
  }

  /** Something happened that the answers under way cannot know. */
  overtake(): void {
    this.#asked += 1;
  }
}
