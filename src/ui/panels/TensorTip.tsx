import { Tooltip } from "@base-ui/react/tooltip";
import { memo, type RefObject, useEffect, useState } from "react";
import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import overlays from "../controls/overlays.module.css";
import { useFormats } from "../format.ts";
import { mergedTensor, siteView, tensorView } from "../tensor-sites.ts";
import { useWords } from "../words.ts";
import { describeSite, ratePercent } from "./tensor-describe.ts";
import { tensorWords } from "./tensor-words.ts";

/** Milliseconds that a pointer rests before the tooltip shows. */
const REST = 350;

interface Target {
  readonly anchor: Element;
  readonly name: string;
  readonly experts: readonly string[];
}

/** The one tooltip of all rate cells: says what decided the rate. Shown on rest and on keyboard focus. */
export const TensorTip = memo(function TensorTip({ scroller }: { scroller: RefObject<HTMLElement | null> }) {
  const target = useTarget(scroller);
  const card = useApp((state) =>
    target ? state.library?.tensors.find(({ name }) => name === target.name) : undefined,
  );
  if (!target || !card) return null;
  return (
    <Tooltip.Root open>
      <Tooltip.Portal>
        <Tooltip.Positioner
          anchor={target.anchor}
          side="top"
          sideOffset={4}
          collisionPadding={8}
          className={overlays.positioner}
        >
          <Tooltip.Popup className={overlays.tip}>
            <Sentence card={card} experts={target.experts} />
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
});

function Sentence({ card, experts }: { card: TensorCard; experts: readonly string[] }) {
  const view = useApp((state) => siteView(state, card, experts));
  const { keep } = useApp((state) => tensorView(state, card));
  const rules = useApp((state) => state.recipe?.rules);
  const note = useApp((state) => mergedTensor(state.summary, card)?.note);
  const [words, format] = [useWords(tensorWords), useFormats()];
  const site = describeSite(view, keep, rules ?? [], words, format);
  if (!note) return site;
  return `${site}\n${words.rank(format.count(note.rank), ratePercent(note.energy, format))}`;
}

function useTarget(scroller: RefObject<HTMLElement | null>): Target | undefined {
  const [target, setTarget] = useState<Target>();
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (found: Target | undefined, after: number) => {
      clearTimeout(timer);
      if (!found) setTarget(undefined);
      else timer = setTimeout(() => setTarget(found), after);
    };
    const onOver = (event: Event) => show(readTarget(event.target, "[data-tip]"), REST);
    const onFocus = (event: Event) => {
      const isKeyboard = event.target instanceof Element && event.target.matches("td:focus-visible");
      show(isKeyboard ? readTarget(event.target, "td") : undefined, REST);
    };
    const hide = () => show(undefined, 0);
    element.addEventListener("pointerover", onOver);
    element.addEventListener("focusin", onFocus);
    const hiders = ["pointerleave", "pointerdown", "keydown", "focusout", "scroll"] as const;
    for (const type of hiders) element.addEventListener(type, hide, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener("pointerover", onOver);
      element.removeEventListener("focusin", onFocus);
      for (const type of hiders) element.removeEventListener(type, hide);
    };
  }, [scroller]);
  return target;
}

function readTarget(from: EventTarget | null, selector: string): Target | undefined {
  if (!(from instanceof Element)) return undefined;
  const anchor = from.closest(selector);
  const experts = anchor?.closest<HTMLElement>("[data-experts]")?.dataset.experts;
  const name = anchor?.closest<HTMLElement>("[data-name]")?.dataset.name;
  if (!anchor || experts === undefined || name === undefined) return undefined;
  return { anchor, name, experts: experts.split(" ") };
}
