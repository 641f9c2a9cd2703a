import { defineWords } from "../words.ts";

export const arithmeticWords = defineWords({
  en: {
    title: "Add & negate",
    intro:
      "Arithmetic on whole task vectors, whatever the recipe drops: how well their sum serves every task, what subtracting one forgets, and where two of them disturb each other. Measured with the experts and stop steps that the recipe has now.",
    needsExperts: (count: string) =>
      `Switch on ${count} experts of different tasks to measure this: a sum needs two, and what subtracting one forgets is judged by what the others keep. The library has them.`,
    waiting: "The experts are being opened.",
    isOther: "Measured with other experts or stop steps than the recipe has now.",
    experts: "this recipe",
    others: "other experts",
    axis: "α",
    alpha: (value: string) => `α = ${value}`,
    chosen: (value: string) => `α* = ${value}`,
    cursor: "α",
    use: (value: string) => `Use α = ${value} in the recipe`,
    showTest: "Show the test score",
    test: "On test, at the α that validation chose:",
    testHelp: "Validation chose α; test is looked at once and chooses nothing.",
    sample: (n: string, isQuick: boolean) =>
      isQuick ? `validation, quick subset, ${n}` : `validation, whole split, ${n}`,
    quickNote: "Hollow marks: first 256 examples of each task.",
    low: (name: string) => `${name}, low`,
    high: (name: string) => `${name}, high`,
    n: "n",
    unfinished: "Stopped before α could be chosen.",

    addition: {
      title: "Task addition",
      unit: "θ₀ + αΣτ: mean accuracy ÷ expert's own, %",
      start: "Measure 21 values of α",
      again: "Measure again",
      label: "Task addition",
      level: "as good as the experts",
      compare: (name: string) => `Compare with ${name}`,
      waiting: "One α for all task vectors. Nothing has been measured yet.",
      running: "The best α is known when all 21 values have been measured.",
      summary: (alpha: string, share: string, interval: string, n: string, one: string) =>
        `Best at α = ${alpha}: the sum keeps ${share} of the experts' own accuracy (${interval}, ${n}); at α = 1 it keeps ${one}.`,
      better: (name: string, other: string, points: string) =>
        `Relative to its own experts, ${name} adds better than ${other} by ${points} points.`,
      equal: (name: string, other: string) =>
        `Between ${name} and ${other} the difference is not resolved: their intervals overlap.`,
      none: (share: string) =>
        `Adding does not help here: the base alone (α = 0) is best, with ${share} of the experts' own accuracy.`,
      accuracy: "accuracy",
      normalised: "÷ expert",
      all: "mean of all tasks",
      of: "experts",
      expertAccuracy: "expert's own",
    },

    negation: {
      title: "Task negation",
      unit: "θ₀ − ατ: accuracy of the target, and what controls keep of the base's, %",
      target: "Forget",
      start: "Measure 21 values of α",
      again: "Measure again",
      label: "Task negation",
      waiting:
        "Subtracting an expert's vector should forget its task and spare the others. Nothing has been measured yet.",
      running: "The α to choose is known when all 21 values have been measured.",
      accuracyOf: (task: string) => `${task} (target)`,
      kept: "controls ÷ base",
      limit: "95 % of base",
      chance: "chance",
      summary: (task: string, alpha: string, from: string, to: string, kept: string) =>
        `At α = ${alpha} ${task} falls from ${from} to ${to}, while the other tasks keep ${kept} of the base's accuracy.`,
      none: (task: string, kept: string) =>
        `Negation does not help here: no α lowers ${task} while the other tasks keep ${kept} of the base's accuracy.`,
      controls: (tasks: string) => `Controls: ${tasks}, each with equal weight.`,
      base: "base",
      negated: "negated",
    },

    map: {
      title: "Disentanglement error",
      unit: "ξ(α₁, α₂): share of answers that the other vector changes, both tasks added, 0…2",
      first: "α₁ of",
      second: "α₂ of",
      grid: "Grid",
      size: (points: number) => `${points} × ${points}`,
      start: "Measure the map",
      again: "Measure again",
      label: "Disentanglement error",
      cost: (points: string, n: string) => `${points} sums, ${n} examples each; the coarse grid comes first.`,
      waiting:
        "Where two vectors do not disturb each other, the map keeps the colour of the page. Nothing has been measured yet.",
      summary: (mean: string, most: string, one: string, interval: string, n: string) =>
        `Inside the gold square (0…1) the error is ${mean} on average and at most ${most}; with both vectors whole it is ${one} (${interval}, ${n}).`,
      partly: "The gold square is not measured yet.",
      cell: (a: string, b: string, error: string, interval: string, n: string) =>
        `α₁ = ${a}, α₂ = ${b}: ξ = ${error} (${interval}, ${n})`,
      missing: (a: string, b: string) => `α₁ = ${a}, α₂ = ${b}: not measured yet`,
      use: "Use in the recipe",
      sense: (a: string, b: string) => `Both experts alone, with the weights ${a} and ${b} and λ 1`,
      keys: "Arrow keys move the cell; Home and End go to the ends of its row.",
      picture: (first: string, second: string) => `Map of ${first} and ${second}`,
      same: "Choose two different experts.",
      place: "place",
      error: "ξ",
      square: "0…1",
      sample: (n: string) => `validation, quick subset, ${n} for both tasks together`,
    },
  },
  ja: {
    title: "加算と減算",
    intro:
      "レシピが何を落とすかに関係なく、タスクベクトル全体で計算します。和がすべてのタスクにどれだけ役立つか、一つを引くと何を忘れるか、二つがどこで干渉するか。いまのレシピのエキスパートと停止ステップで測ります。",
    needsExperts: (count: string) =>
      `測定には、タスクの異なるエキスパートが ${count} 個必要です。足すには二つ要り、引いて忘れた結果はほかが保つ割合で判断するからです。ライブラリで有効にしてください。`,
    waiting: "エキスパートを開いています。",
    isOther: "いまのレシピとは別のエキスパートまたは停止ステップで測った値です。",
    experts: "このレシピ",
    others: "ほかのエキスパート",
    axis: "α",
    alpha: (value: string) => `α = ${value}`,
    chosen: (value: string) => `α* = ${value}`,
    cursor: "α",
    use: (value: string) => `α = ${value} をレシピに使う`,
    showTest: "テストの成績を表示",
    test: "検証データで選んだ α での、テストデータの成績:",
    testHelp: "α は検証データで選びます。テストは一度だけ見るもので、選択には使いません。",
    sample: (n: string, isQuick: boolean) =>
      isQuick ? `検証データ、速報用の一部、${n}` : `検証データ全体、${n}`,
    quickNote: "中抜きの印: 各タスクの最初の 256 例。",
    low: (name: string) => `${name}、下限`,
    high: (name: string) => `${name}、上限`,
    n: "n",
    unfinished: "α を選ぶ前に止まりました。",

    addition: {
      title: "タスクの加算",
      unit: "θ₀ + αΣτ: 正解率 ÷ エキスパート自身の平均、%",
      start: "α を 21 点で測る",
      again: "もう一度測る",
      label: "タスクの加算",
      level: "エキスパートと同じ",
      compare: (name: string) => `${name} と比べる`,
      waiting: "すべてのタスクベクトルに一つの α を掛けます。まだ測っていません。",
      running: "21 点すべてを測ると最良の α が決まります。",
      summary: (alpha: string, share: string, interval: string, n: string, one: string) =>
        `最良は α = ${alpha} で、和はエキスパート自身の正解率の ${share} を保ちます (${interval}、${n})。α = 1 では ${one} です。`,
      better: (name: string, other: string, points: string) =>
        `それぞれのエキスパートに対する比では、${name} は ${other} より ${points} ポイント良く足し合わせられます。`,
      equal: (name: string, other: string) =>
        `${name} と ${other} の差は区間が重なるため、はっきりしません。`,
      none: (share: string) =>
        `ここでは加算は役に立ちません。ベースのまま (α = 0) が最良で、エキスパート自身の正解率の ${share} です。`,
      accuracy: "正解率",
      normalised: "÷ エキスパート",
      all: "全タスクの平均",
      of: "エキスパート",
      expertAccuracy: "エキスパート自身",
    },

    negation: {
      title: "タスクの減算",
      unit: "θ₀ − ατ: 対象の正解率と、ほかのタスクがベースから保つ割合、%",
      target: "忘れるタスク",
      start: "α を 21 点で測る",
      again: "もう一度測る",
      label: "タスクの減算",
      waiting: "エキスパートのベクトルを引くと、そのタスクを忘れ、ほかは残るはずです。まだ測っていません。",
      running: "21 点すべてを測ると選ぶべき α が決まります。",
      accuracyOf: (task: string) => `${task} (対象)`,
      kept: "対照 ÷ ベース",
      limit: "ベースの 95 %",
      chance: "当て推量",
      summary: (task: string, alpha: string, from: string, to: string, kept: string) =>
        `α = ${alpha} で ${task} は ${from} から ${to} に下がり、ほかのタスクはベースの正解率の ${kept} を保ちます。`,
      none: (task: string, kept: string) =>
        `ここでは減算は役に立ちません。ほかのタスクがベースの ${kept} を保ったまま ${task} を下げる α はありません。`,
      controls: (tasks: string) => `対照: ${tasks} (同じ重み)。`,
      base: "ベース",
      negated: "減算後",
    },

    map: {
      title: "もつれ誤差",
      unit: "ξ(α₁, α₂): もう一方のベクトルで変わった答えの割合、両タスクの和、0…2",
      first: "α₁",
      second: "α₂",
      grid: "格子",
      size: (points: number) => `${points} × ${points}`,
      start: "地図を測る",
      again: "もう一度測る",
      label: "もつれ誤差",
      cost: (points: string, n: string) => `${points} 通りの和を各 ${n} 例で測ります。粗い格子が先です。`,
      waiting: "二つのベクトルが干渉しないところでは、地図は背景の色のままです。まだ測っていません。",
      summary: (mean: string, most: string, one: string, interval: string, n: string) =>
        `金色の枠 (0…1) の中の誤差は平均 ${mean}、最大 ${most}。両方を全量加えると ${one} です (${interval}、${n})。`,
      partly: "金色の枠の中はまだ測っていません。",
      cell: (a: string, b: string, error: string, interval: string, n: string) =>
        `α₁ = ${a}、α₂ = ${b}: ξ = ${error} (${interval}、${n})`,
      missing: (a: string, b: string) => `α₁ = ${a}、α₂ = ${b}: 未測定`,
      use: "レシピに使う",
      sense: (a: string, b: string) => `二つのエキスパートだけを、重み ${a} と ${b}、λ 1 で使います`,
      keys: "矢印キーでセルを移動、Home と End で行の端へ。",
      picture: (first: string, second: string) => `${first} と ${second} の地図`,
      same: "別々のエキスパートを二つ選んでください。",
      place: "位置",
      error: "ξ",
      square: "0…1",
      sample: (n: string) => `検証データ、速報用の一部、両タスク合わせて ${n}`,
    },
  },
});
