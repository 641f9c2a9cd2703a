import { ChevronsUpDown } from "lucide-react";
import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { MethodCard as Card } from "#core/catalog.ts";
import { setMethod } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { PickerButton } from "../controls/PickerButton.tsx";
import type { PickerItem } from "../controls/PickerPopup.tsx";
import { useWords } from "../words.ts";
import { recipeWords } from "./recipe-words.ts";

/** The choice of a method, grouped by what it gives; found by name, summary, paper or English name. */
export function MethodMenu({ chosen }: { readonly chosen: string }) {
  const text = useWords(recipeWords);
  const { methods } = useCards();
  const edit = useApp((state) => state.edit);
  const label = methods.find((method) => method.id === chosen)?.label ?? chosen;
  const groups = useMemo(() => {
    const groupOf = (title: string, belongs: (card: Card) => boolean) => ({
      id: title,
      title,
      items: methods.filter(belongs).map(itemOf),
    });
    return [
      groupOf(text.single, (card) => card.output === "single" && card.space === "delta"),
      groupOf(text.weightSpace, (card) => card.output === "single" && card.space === "weight"),
      groupOf(text.perTaskGroup, (card) => card.output === "per-task"),
      groupOf(text.routedGroup, (card) => card.output === "routed"),
    ].filter((group) => group.items.length > 0);
  }, [methods, text]);
  return (
    <PickerButton
      aria-label={`${text.method}: ${label}`}
      label={text.chooseMethod}
      placeholder={text.searchMethods(methods.length)}
      empty={text.noMethod}
      groups={groups}
      chosen={chosen}
      onChoose={(id) => edit((recipe) => setMethod(recipe, id))}
    >
      {label}
      <ChevronsUpDown size={14} aria-hidden />
    </PickerButton>
  );
}

function itemOf({ id, label, summary, source }: Card): PickerItem {
  return { id, label, note: summary, keywords: `${id} ${source.paper} ${source.code ?? ""}` };
}
