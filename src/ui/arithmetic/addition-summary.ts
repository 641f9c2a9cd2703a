/** What the curves of task addition say, in a sentence or two. */
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { NamedAddition } from "./addition.ts";
import { arithmeticWords } from "./arithmetic-words.ts";

/** The summary of one measured set, and of two the comparison that their intervals allow. */
export function useAdditionSummary([own, other]: readonly NamedAddition[]): string {
  const { addition: words, unfinished } = useWords(arithmeticWords);
  const format = useFormats();
  if (!own) return words.waiting;
  const { result } = own.addition;
  const best = result?.points.find(({ alpha }) => alpha === result.alpha)?.estimate;
  if (!result || !best) return own.addition.state === "running" ? words.running : unfinished;
  const whole = result.points.at(-1)?.estimate.value ?? Number.NaN;
  const first =
    result.alpha === 0
      ? words.none(format.percent(best.value))
      : words.summary(
          format.at(0.05, result.alpha),
          format.percent(best.value),
          format.interval(best),
          format.n(best.n),
          format.percent(whole),
        );
  const theirs = other?.addition.result;
  const rival = theirs?.points.find(({ alpha }) => alpha === theirs.alpha)?.estimate;
  if (!other || !rival) return first;
  const isApart = best.low > rival.high || rival.low > best.high;
  if (!isApart) return `${first} ${words.equal(own.name, other.name)}`;
  const [winner, loser] = best.value > rival.value ? [own.name, other.name] : [other.name, own.name];
  const points = format.points(Math.abs(best.value - rival.value)).replace("+", "");
  return `${first} ${words.better(winner, loser, points)}`;
}
