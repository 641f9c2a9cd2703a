/** What of a card is said in another language; the English words are the cards themselves. */
export interface CardWords {
  readonly label?: string;
  readonly summary?: string;
  /** In the order of the card's own. */
  readonly deviations?: readonly string[];
  readonly controls?: Readonly<Record<string, ControlWords>>;
}

export interface ControlWords {
  readonly label: string;
  readonly help?: string;
  readonly options?: Readonly<Record<string, string>>;
}

/** Keys are ids of core's registries. */
export type WordsById = Readonly<Record<string, CardWords>>;
