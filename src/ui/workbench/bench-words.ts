import type { Role } from "#core/recipe/schema.ts";
import type { WorkCardId } from "#core/work-cards.ts";
import { defineWords } from "../words.ts";
import type { FormTab } from "./form-tabs.ts";

interface BenchWords {
  readonly title: string;
  readonly choose: string;
  readonly forms: Readonly<Record<FormTab, string>>;
  readonly summaries: Readonly<Record<WorkCardId, string>>;
  readonly waiting: string;
  readonly noTasks: string;

  readonly measure: string;
  readonly measures: Readonly<Record<"fisher" | "gram" | "calibrate", string>>;
  readonly name: string;
  readonly nameHelp: string;
  readonly task: string;
  readonly from: string;
  readonly fromHelp: string;
  readonly base: string;
  readonly at: (expert: string, step: string) => string;
  readonly mask: string;
  readonly maskHelp: string;
  readonly noMask: (task: string) => string;
  readonly toMask: string;
  readonly expert: string;
  readonly expertHelp: string;
  readonly all: (count: number) => string;
  readonly within: string;
  readonly withinHelp: string;
  readonly everywhere: string;
  readonly vectors: string;
  readonly vectorsHelp: string;
  readonly ofRecipe: (method: string) => string;
  readonly asTheyAre: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly adapts: (experts: string) => string;
  readonly source: string;
  readonly differs: (count: number) => string;

  /** What is read of the data, and whether with labels. */
  readonly data: {
    readonly train: (task: string, examples: string, validation: string) => string;
    readonly localise: (fewShot: string, validation: string) => string;
    readonly unlabelled: (examples: string) => string;
    readonly adamerge: (tasks: string) => string;
  };
  readonly incomplete: string;
  readonly nothing: string;
  readonly start: Readonly<Record<WorkCardId, string>>;
  readonly queued: (title: string) => string;
  readonly andOthers: (title: string, count: number) => string;
}

export const benchWords = defineWords<BenchWords>({
  en: {
    title: "Workbench",
    choose: "What to make",
    forms: {
      train: "Train an expert",
      localise: "Find a region",
      measure: "Measure",
      adamerge: "Tune weights by entropy",
    },
    summaries: {
      train:
        "Fine-tunes the base, or an expert further, on a task’s own examples. The expert joins the library with its checkpoints.",
      localise:
        "Trains a mask over an expert’s task vector until the few weights that it chooses do the task: the first half of Localize-and-Stitch.",
      fisher:
        "How much an expert’s answers depend on each of its weights. Fisher merging averages the experts by it, weight for weight.",
      gram: "What the inputs of each linear layer look like on an expert’s task. RegMean finds the layer whose outputs come nearest to all experts’ own.",
      calibrate:
        "Which weights of the base a task’s answers depend on least. TaLoS is a way of fine-tuning: only these are trained afterwards. Gives a mask to train under, and the sensitivity of every weight.",
      adamerge:
        "AdaMerging moves the experts’ coefficients until the merged model is surest of its answers. Being sure is not being right: judge what comes out by its accuracy.",
    },
    waiting: "The workbench opens when the models are here.",
    noTasks:
      "There are no examples in this family, so nothing can be trained or measured. Drop examples beside the models: arrays, tables or pictures.",

    measure: "Measure",
    measures: {
      fisher: "Fisher information",
      gram: "Gram matrices of layer inputs",
      calibrate: "Sensitivity (TaLoS)",
    },
    name: "Name",
    nameHelp: "What the new expert is called in the library.",
    task: "Task",
    from: "Start from",
    fromHelp: "The weights before the first step. An expert starts at its stop step in the recipe.",
    base: "base",
    at: (expert, step) => `${expert}@${step}`,
    mask: "Mask",
    maskHelp: "Only the entries that it selects are trained; all others stay as they are.",
    noMask: (task) => `There is no mask yet. Measure how sensitive the base is on ${task} first.`,
    toMask: "Measure sensitivity",
    expert: "Expert",
    expertHelp: "At its stop step in the recipe.",
    all: (count) => (count === 1 ? "the one that takes part" : `all ${count} that take part`),
    within: "Within",
    withinHelp: "The region may only lie in these tensors; all others stay at the base.",
    everywhere: "all tensors",
    vectors: "Scaled are",
    vectorsHelp:
      "What the recipe makes of each expert alone, at λ 1 (what its sparsifiers leave, or DOGE’s modified task vectors); or the task vectors as they are. The recipe keeps its method in the first case.",
    ofRecipe: (method) => `what ${method} makes of each expert`,
    asTheyAre: "plain task vectors",
    roles: {
      attention: "attention",
      mlp: "MLP",
      norm: "norms",
      embedding: "embeddings",
      conv: "convolutions",
      bias: "biases",
      head: "heads",
      other: "others",
    },
    adapts: (experts) => `Tunes ${experts}, at their stop steps in the recipe.`,
    source: "Source",
    differs: (count) => `Where this differs (${count})`,

    data: {
      train: (task, examples, validation) =>
        `Reads the ${examples} training examples of ${task} with their labels; the accuracy curve is of ${validation} validation examples.`,
      localise: (fewShot, validation) =>
        `Reads ${fewShot} few-shot examples with their labels; every epoch is scored on ${validation} validation examples.`,
      unlabelled: (examples) => `Reads ${examples} validation examples of each task. Labels are not read.`,
      adamerge: (tasks) =>
        `Reads validation examples of ${tasks}. Labels are not read, but the accuracies beside the recipe are of the same examples; the test split stays unseen.`,
    },
    incomplete: "Choose a mask to train under.",
    nothing: "No expert with a task of its own takes part in the recipe.",
    start: {
      train: "Start training",
      localise: "Find region",
      fisher: "Measure",
      gram: "Measure",
      calibrate: "Measure",
      adamerge: "Tune weights",
    },
    queued: (title) => `${title}: started.`,
    andOthers: (title, count) => `${title} and ${count} more: started.`,
  },
  ja: {
    title: "ワークベンチ",
    choose: "作るもの",
    forms: {
      train: "エキスパートを学習",
      localise: "領域を探す",
      measure: "測定",
      adamerge: "エントロピーで重みを調整",
    },
    summaries: {
      train:
        "タスクの例で、ベースまたはエキスパートを微調整します。できたエキスパートはチェックポイントとともにライブラリに加わります。",
      localise:
        "エキスパートのタスクベクトルに掛けるマスクを学習し、タスクを担う少数の重みを選びます。Localize-and-Stitch の前半です。",
      fisher:
        "エキスパートの答えが各重みにどれだけ左右されるかです。Fisher マージはこれを使い、重みごとに加重平均します。",
      gram: "エキスパートのタスクで、各線形層にどのような入力が来るかです。RegMean は、全エキスパートの出力に最も近い層を求めます。",
      calibrate:
        "ベースの重みのうち、タスクの答えへの影響が最も小さいものを調べます。TaLoS は微調整の方法で、このあと学習するのはこれらの重みだけです。学習用のマスクと、全重みの感度が得られます。",
      adamerge:
        "AdaMerging は、マージしたモデルが答えに最も自信を持つように、エキスパートの係数を動かします。自信は正しさではないので、結果は正解率で判断してください。",
    },
    waiting: "モデルの読み込みが済むと使えます。",
    noTasks:
      "このファミリーには例がないため、学習も測定もできません。配列、表、画像の例をモデルのそばにドロップしてください。",

    measure: "測るもの",
    measures: {
      fisher: "フィッシャー情報量",
      gram: "層の入力のグラム行列",
      calibrate: "感度（TaLoS）",
    },
    name: "名前",
    nameHelp: "新しいエキスパートの、ライブラリでの名前です。",
    task: "タスク",
    from: "出発点",
    fromHelp: "最初のステップの前の重みです。エキスパートはレシピの停止ステップから始めます。",
    base: "ベース",
    at: (expert, step) => `${expert}@${step}`,
    mask: "マスク",
    maskHelp: "マスクが選んだ要素だけを学習し、ほかはそのままにします。",
    noMask: (task) => `マスクがまだありません。先に ${task} でのベースの感度を測ってください。`,
    toMask: "感度を測る",
    expert: "エキスパート",
    expertHelp: "レシピの停止ステップで調べます。",
    all: (count) => `参加中の ${count} 個すべて`,
    within: "範囲",
    withinHelp: "領域はこのテンソルの中だけで選び、ほかはベースのままにします。",
    everywhere: "全テンソル",
    vectors: "係数を掛けるもの",
    vectorsHelp:
      "レシピが λ 1 で各エキスパートから作るもの（スパース化の残り、DOGE で補正したタスクベクトルなど）か、タスクベクトルそのものかを選びます。前者ではレシピの手法がそのまま残ります。",
    ofRecipe: (method) => `${method} が作るベクトル`,
    asTheyAre: "元のタスクベクトル",
    roles: {
      attention: "アテンション",
      mlp: "MLP",
      norm: "正規化",
      embedding: "埋め込み",
      conv: "畳み込み",
      bias: "バイアス",
      head: "ヘッド",
      other: "その他",
    },
    adapts: (experts) => `${experts}を、レシピの停止ステップで調整します。`,
    source: "出典",
    differs: (count) => `異なる点（${count}）`,

    data: {
      train: (task, examples, validation) =>
        `${task} の学習用 ${examples} 件をラベルとともに読みます。正解率の曲線は検証データ ${validation} 件で測ります。`,
      localise: (fewShot, validation) =>
        `少数例 ${fewShot} 件をラベルとともに読みます。エポックごとに検証データ ${validation} 件で測ります。`,
      unlabelled: (examples) => `各タスクの検証データ ${examples} 件を読みます。ラベルは読みません。`,
      adamerge: (tasks) =>
        `${tasks}の検証データを読みます。ラベルは読みませんが、レシピの横の正解率も同じ例で測ったものです。テストデータは使いません。`,
    },
    incomplete: "学習に使うマスクを選んでください。",
    nothing: "タスクを持つエキスパートが、レシピに一つも参加していません。",
    start: {
      train: "学習を始める",
      localise: "領域を探す",
      fisher: "測定する",
      gram: "測定する",
      calibrate: "測定する",
      adamerge: "重みを調整する",
    },
    queued: (title) => `${title} を開始しました。`,
    andOthers: (title, count) => `${title} ほか ${count} 件を開始しました。`,
  },
});
