import type { Finding } from "#core/mergekit/finding.ts";
import type { RepairPolicy } from "#core/recipe/repair.ts";
import { defineWords } from "../words.ts";

interface ExchangeWords {
  readonly severities: Readonly<Record<Finding["severity"], string>>;
  readonly line: (line: number) => string;
  readonly noFindings: string;
  readonly opened: {
    readonly title: (name: string) => string;
    readonly fits: (experts: number, rules: number) => string;
    readonly fails: string;
    readonly apply: string;
    readonly cancel: string;
  };
  readonly tools: {
    readonly title: string;
    readonly note: string;
    readonly write: string;
    readonly card: string;
    readonly cardNote: string;
    readonly lens: string;
    readonly yaml: string;
    readonly save: string;
    readonly command: string;
    readonly densities: (count: number) => string;
    readonly scale: string;
    readonly none: string;
    readonly waiting: string;
    readonly hideNames: string;
    readonly hideNamesHelp: string;
    readonly hideNamesNote: string;
    readonly hideNamesRandom: string;
  };
  readonly ancestry: {
    readonly title: (name: string) => string;
    readonly description: (method: string) => string;
    readonly parents: string;
    readonly base: string;
    readonly isHere: (name: string) => string;
    readonly isMissing: string;
    readonly content: string;
    readonly step: string;
    readonly hidden: string;
    readonly task: (task: string) => string;
    readonly use: string;
    readonly again: string;
    readonly running: string;
    readonly equal: (tensors: number) => string;
    readonly differs: (tensor: string, index: string, computed: string, stored: string) => string;
    readonly lacks: (tensor: string) => string;
    readonly missing: (names: string) => string;
    /** Of missing parents that are merges whose own parents are open. */
    readonly canBeMade: (names: string) => string;
    readonly mergedBy: (method: string) => string;
    readonly wrongBase: string;
    readonly unrepeatable: string;
    readonly repaired: Readonly<Record<RepairPolicy, string>>;
  };
}

export const exchangeWords = defineWords<ExchangeWords>({
  en: {
    severities: { error: "Cannot be done", differs: "Differs", ignored: "Ignored" },
    line: (line) => `Line ${line}`,
    noFindings: "Everything in it can be said here, exactly.",
    opened: {
      title: (name) => `mergekit recipe: ${name}`,
      fits: (experts, rules) =>
        `Becomes a recipe of ${experts} ${experts === 1 ? "expert" : "experts"}${rules > 0 ? ` with ${rules} ${rules === 1 ? "rule" : "rules"} for single tensors` : ""}.`,
      fails:
        "It cannot become a recipe of the open models. Correct the lines marked below and drop it again.",
      apply: "Use this recipe",
      cancel: "Leave it",
    },
    tools: {
      title: "For other programs",
      note: "For models larger than a page can hold, mergekit is the engine: take the recipe there.",
      write: "Write mergekit recipe",
      card: "Save model card",
      cardNote: "README.md with the recipe, its hashes, the numbers with n and interval, and the limits.",
      lens: "Compare programs",
      yaml: "mergekit recipe",
      save: "Save recipe.yaml",
      command: "Run it with",
      densities: (count) =>
        count === 0
          ? "It carries no densities of single tensors."
          : `It carries ${count} ${count === 1 ? "density" : "densities"} of single tensors.`,
      scale: "Put the base and the experts where the paths say, or change the paths.",
      none: "mergekit cannot say this recipe. Save the merged model instead.",
      waiting: "The recipe is being merged. Its densities are known in a moment.",
      hideNames: "Leave out names of files",
      hideNamesHelp:
        "Saved models, recipes and cards say how they were made. Without names they number the experts and tasks and go by contents.",
      hideNamesNote:
        "Experts are numbered in all files below, and found again by their content. An ONNX graph still names its outputs after the tasks.",
      hideNamesRandom:
        "Experts are numbered in all files below. This recipe draws at random by the experts' names: without them nobody can compute the merge again.",
    },
    ancestry: {
      title: (name) => `Where ${name} comes from`,
      description: (method) => `The file says that it was merged by Kintsugi with ${method}.`,
      parents: "Parents",
      base: "Base",
      isHere: (name) => `here as ${name}`,
      isMissing: "not open",
      content: "Content",
      step: "Step",
      hidden: "Whoever saved it left the names out.",
      task: (task) => `One model per task: this is the one for ${task}.`,
      use: "Use its recipe",
      again: "Derive again",
      running: "Computing it again from its parents…",
      equal: (tensors) => `Bit for bit the same: all ${tensors} tensors.`,
      differs: (tensor, index, computed, stored) =>
        `Not the same. The first difference is in ${tensor}, entry ${index}: computed ${computed}, in the file ${stored}.`,
      lacks: (tensor) => `Not the same. The file lacks ${tensor}, or has it in another shape.`,
      missing: (names) => `Open these parents first: ${names}.`,
      canBeMade: (names) =>
        `Merges themselves, whose parents are all open: ${names}. Merge and save them as the list says, then open what was saved.`,
      mergedBy: (method) => `merged by ${method} from:`,
      wrongBase: "It was merged over another base. Open that base first.",
      repaired: {
        base: "Its entries that are no numbers: the base’s values. Open its file the same way.",
        zero: "Its entries that are no numbers: 0. Open its file the same way.",
      },
      unrepeatable:
        "Its masks were drawn by the experts' names, and those were left out: nobody can compute it again.",
    },
  },
  ja: {
    severities: { error: "変換できません", differs: "結果が異なります", ignored: "無視します" },
    line: (line) => `${line} 行目`,
    noFindings: "すべて、ここで正確に表せます。",
    opened: {
      title: (name) => `mergekit レシピ: ${name}`,
      fits: (experts, rules) =>
        `エキスパート ${experts} 個のレシピになります${rules > 0 ? `（テンソル別の規則 ${rules} 個）` : ""}。`,
      fails: "開いているモデルのレシピにできません。下に示した行を直して、もう一度ドロップしてください。",
      apply: "このレシピを使う",
      cancel: "やめる",
    },
    tools: {
      title: "ほかのプログラム向け",
      note: "ページに収まらない大きなモデルには mergekit を使います。レシピをそちらへ渡してください。",
      write: "mergekit レシピを書き出す",
      card: "モデルカードを保存",
      cardNote: "レシピ、ハッシュ、n と区間つきの数値、限界を含む README.md です。",
      lens: "プログラムを比べる",
      yaml: "mergekit レシピ",
      save: "recipe.yaml を保存",
      command: "実行するには",
      densities: (count) =>
        count === 0 ? "テンソル別の密度は含みません。" : `テンソル別の密度を ${count} 個含みます。`,
      scale: "ベースとエキスパートを書かれたパスに置くか、パスを書き換えてください。",
      none: "mergekit ではこのレシピを表せません。マージ済みモデルを保存してください。",
      waiting: "マージ中です。密度はまもなく分かります。",
      hideNames: "ファイル名を書かない",
      hideNamesHelp:
        "保存するモデル、レシピ、カードには作り方が書かれます。名前なしでは、エキスパートとタスクを番号で呼び、内容で区別します。",
      hideNamesNote:
        "下のファイルではすべて、エキスパートを番号で呼び、内容から見つけます。ONNX グラフの出力名にはタスク名が残ります。",
      hideNamesRandom:
        "下のファイルではすべて、エキスパートを番号で呼びます。このレシピはエキスパートの名前で乱数を引くため、名前がないと誰も再計算できません。",
    },
    ancestry: {
      title: (name) => `${name} の由来`,
      description: (method) => `ファイルによると、Kintsugi が ${method} でマージしました。`,
      parents: "親",
      base: "ベース",
      isHere: (name) => `${name} として開いています`,
      isMissing: "開いていません",
      content: "内容",
      step: "ステップ",
      hidden: "保存した人が名前を省きました。",
      task: (task) => `タスク別モデルのうち、${task} のものです。`,
      use: "このレシピを使う",
      again: "もう一度導く",
      running: "親から計算し直しています…",
      equal: (tensors) => `ビット単位で一致します（テンソル ${tensors} 個すべて）。`,
      differs: (tensor, index, computed, stored) =>
        `一致しません。最初の違いは ${tensor} の ${index} 番目です。計算では ${computed}、ファイルでは ${stored}。`,
      lacks: (tensor) => `一致しません。ファイルに ${tensor} がないか、形が違います。`,
      missing: (names) => `先に次の親を開いてください: ${names}。`,
      canBeMade: (names) =>
        `それ自体がマージで、その親がすべて開いているもの: ${names}。一覧のとおりにマージして保存し、それを開いてください。`,
      mergedBy: (method) => `${method} によるマージ:`,
      wrongBase: "別のベースの上でマージされています。先にそのベースを開いてください。",
      repaired: {
        base: "数値でない要素はベースの値で補われました。ファイルを開くときに同じ方法を選んでください。",
        zero: "数値でない要素は 0 で補われました。ファイルを開くときに同じ方法を選んでください。",
      },
      unrepeatable: "マスクはエキスパートの名前で引かれ、名前は省かれています。誰も再計算できません。",
    },
  },
});
