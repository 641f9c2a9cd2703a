/** What a reload brings back: the recipe in the URL's hash, how the page looked in localStorage. */
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { recipeFromText, recipeToText } from "#core/recipe/share.ts";
import { familyOfHash, recipeFromHash, recipeToHash } from "./flow/recipes.ts";
import type { KeptSlice } from "./slices/kept.ts";
import type { ViewSlice } from "./slices/view.ts";
import type { AppStore } from "./store.ts";

const KEY = "kintsugi.view";
const REMEMBERED = [
  "language",
  "theme",
  "workTab",
  "seamQuantity",
  "hard",
  "sort",
  "isKeeping",
] as const satisfies readonly (keyof (ViewSlice & KeptSlice))[];
/** A recipe becomes an entry of the browser's history when it has rested this long. */
const REST_MS = 600;

/** Brings the view back and keeps it; storage that is full or forbidden only costs the memory. */
export function rememberView(store: AppStore): void {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof saved === "object" && saved !== null) {
      const known = Object.entries(saved).filter(([key]) => (REMEMBERED as readonly string[]).includes(key));
      store.getState().patchView(Object.fromEntries(known));
    }
  } catch {
    // A damaged or forbidden store: start with the defaults.
  }
  store.subscribe(
    (state) => JSON.stringify(Object.fromEntries(REMEMBERED.map((key) => [key, state[key]]))),
    (text) => {
      try {
        localStorage.setItem(KEY, text);
      } catch {
        // Full or forbidden: nothing is lost but the memory of the view.
      }
    },
  );
  const show = () => {
    const { language, theme } = store.getState();
    document.documentElement.lang = language;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  show();
  // Only when they change: writing `lang`, even the same again, has the browser match the whole page's styles anew.
  store.subscribe(({ language, theme }) => `${language} ${theme}`, show);
}

const PINNED_KEY = "kintsugi.pinned";

/** Brings the pinned recipe back, if it still fits what is open, and keeps it. Call once the library is known. */
export function rememberPinned(store: AppStore): void {
  try {
    const text = localStorage.getItem(PINNED_KEY);
    const recipe = text === null ? undefined : recipeFromText(text);
    if (recipe && recipe.base === store.getState().library?.base.id) {
      store.setState({ pinned: { recipe, key: recipeKey(recipe) } });
    }
  } catch {
    // Damaged, of another version, or forbidden: there is no pinned recipe then.
  }
  store.subscribe(
    (state) => state.pinned,
    (pinned) => {
      try {
        if (pinned) localStorage.setItem(PINNED_KEY, recipeToText(pinned.recipe));
        else localStorage.removeItem(PINNED_KEY);
      } catch {
        // Full or forbidden: the pin lasts until the page is left.
      }
    },
  );
}

/** The recipe of the address bar, if there is one, and the family it names. @throws AppError recipe/malformed */
export async function recipeOfAddress(): Promise<Addressed | undefined> {
  const recipe = await recipeFromHash(location.hash);
  return recipe && { recipe, family: familyOfHash(location.hash) };
}

/** A recipe as an address has it. */
export interface Addressed {
  readonly recipe: Recipe;
  readonly family: string | undefined;
}

/** Keeps the address at the recipe; Back and Forward bring recipes back. Returns a function that ends it. */
export function followAddress(
  store: AppStore,
  onRecipe: (addressed: Addressed) => void,
  onBad: (error: unknown) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current = location.hash;

  const write = async () => {
    const { recipe, family } = store.getState();
    if (!recipe) return;
    const hash = await recipeToHash(recipe, family);
    if (hash === current || recipe !== store.getState().recipe) return;
    // The first recipe belongs to the entry that the page was opened with.
    if (current === "") history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
    current = hash;
  };
  const unsubscribe = store.subscribe(
    (state) => state.recipe,
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void write(), REST_MS);
    },
  );
  const read = async () => {
    current = location.hash;
    try {
      const addressed = await recipeOfAddress();
      if (addressed) onRecipe(addressed);
    } catch (error) {
      onBad(error);
    }
  };
  const onPop = () => void read();
  window.addEventListener("popstate", onPop);
  void write();
  return () => {
    clearTimeout(timer);
    unsubscribe();
    window.removeEventListener("popstate", onPop);
  };
}
