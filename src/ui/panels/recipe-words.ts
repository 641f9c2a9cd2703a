import { defineWords } from "../words.ts";

export const recipeWords = defineWords({
  en: {
    title: "Recipe",
    presets: "Presets",
    presetsNote: "Well-known combinations of sparsifiers and a method",
    loading: "The recipe comes with the models.",
    sentence: "The merge as a sentence",
    base: "base",
    plus: "plus",
    next: "then",
    times: "times",
    add: "Add",
    addSparsifier: "Add sparsifier",
    perTask: "one model per task",
    perTaskNote:
      "This method gives one model per task: each task is measured with its own model. Compare the numbers with methods that give a single model in that light.",
    routed: "inputs choose among experts",
    routedNote:
      "This method merges nothing: the experts stay, and every input goes to some of them. The model is larger and slower than a merged one. Compare the numbers in that light.",
    unknown: (id: string) => `This recipe asks for “${id}”, which this version does not have.`,

    method: "Method",
    chooseMethod: "Choose a method",
    searchMethods: (count: number) => `Search ${count} methods by name, idea or paper`,
    noMethod: "No method has these words.",
    single: "One model for all tasks",
    weightSpace: "Averages of weights, without λ",
    perTaskGroup: "One model per task",
    routedGroup: "One model, inputs choose among experts",
    noParams: "Nothing to set.",
    more: "More settings",
    source: "Source",
    section: (section: string) => `§ ${section}`,
    code: "code",
    deviations: "Where this differs",
    edges: "Small and degenerate tensors",
    formulaOf: (name: string) => `Formula of ${name}`,
    seed: "Seed",
    seedHelp:
      "Decides every random mask. The same seed gives the same masks, whatever the order, the workers and the stop steps.",
    newSeed: "Draw a new seed",
    dtype: "Rounded to",
    dtypeHelp: "What merged tensors are rounded to, in the numbers on screen and in the saved file alike.",
    dtypes: { f32: "float32", f16: "float16", bf16: "bfloat16", base: "as the base" },
    parameters: "Parameters",
    tensors: "Tensors",
    content: "Content",

    enabled: "Switched on",
    earlier: "Move earlier",
    later: "Move later",
    remove: (name: string) => `Remove ${name}`,
    moved: (name: string, place: number, count: number) => `${name} is now number ${place} of ${count}`,
    reorder: (earlier: string, later: string) => `Drag to reorder, or ${earlier} and ${later}`,
    chainFull: "A chain has at most eight sparsifiers.",

    lambda: "λ",
    lambdaHelp:
      "How far to go along the merged task vector. 0 is the base; 1 takes it whole. Tensors with a rule of their own keep theirs.",
    lambdaNone: (method: string) =>
      `${method} has no λ: it averages the weights themselves, so there is no task vector to scale.`,
    best: (lambda: string, mean: string, tries: number, n: string) =>
      `Best of ${tries} quick tries: λ ${lambda}, mean accuracy ${mean} (quick subset of validation, ${n})`,
    pinnedLambda: (lambda: string) => `Pinned recipe: λ ${lambda}`,

    step: "Stop step",
    stepHelp:
      "The checkpoint of this expert that is merged. Drag the handle in the library to see its accuracy over steps.",
    weight: "Weight",
    weightHelp:
      "How strongly this expert counts. 1 is as trained, 0 leaves it out, negative takes away what it learned.",
    takesPart: "Takes part",
    expertNote: "The task vector of this expert: its weights at this step minus the base.",
  },
  ja: {
    title: "レシピ",
    presets: "プリセット",
    presetsNote: "よく知られた疎化と手法の組み合わせ",
    loading: "モデルとともにレシピを読み込みます。",
    sentence: "マージを表す式",
    base: "ベース",
    plus: "足す",
    next: "次に",
    times: "掛ける",
    add: "追加",
    addSparsifier: "疎化を追加",
    perTask: "タスクごとに 1 モデル",
    perTaskNote:
      "この手法はタスクごとに一つのモデルを作り、各タスクを専用のモデルで測ります。一つのモデルを作る手法と比べるときは、この違いに注意してください。",
    routed: "入力ごとにエキスパートを選択",
    routedNote:
      "この手法は何もマージしません。エキスパートはそのまま残り、入力ごとに一部へ振り分けます。マージしたモデルより大きく遅いので、数値を比べるときはこの違いに注意してください。",
    unknown: (id) => `このレシピが求める「${id}」は、このバージョンにはありません。`,

    method: "手法",
    chooseMethod: "手法を選ぶ",
    searchMethods: (count) => `${count} 個の手法を名前、考え方、論文から探す`,
    noMethod: "この語を含む手法はありません。",
    single: "全タスクで一つのモデル",
    weightSpace: "重みの平均（λ なし）",
    perTaskGroup: "タスクごとに一つのモデル",
    routedGroup: "一つのモデル（入力ごとにエキスパートを選択）",
    noParams: "設定項目はありません。",
    more: "その他の設定",
    source: "出典",
    section: (section) => `§ ${section}`,
    code: "コード",
    deviations: "異なる点",
    edges: "小さなテンソルや特殊な場合",
    formulaOf: (name) => `${name} の式`,
    seed: "シード",
    seedHelp:
      "無作為なマスクをすべて決めます。順序やワーカー数、停止ステップによらず、同じシードなら同じマスクになります。",
    newSeed: "新しいシードを引く",
    dtype: "丸める型",
    dtypeHelp: "マージ結果をこの型に丸めます。画面の数値にも保存ファイルにも同じように効きます。",
    dtypes: { f32: "float32", f16: "float16", bf16: "bfloat16", base: "ベースと同じ" },
    parameters: "パラメーター数",
    tensors: "テンソル数",
    content: "内容",

    enabled: "使う",
    earlier: "前へ",
    later: "後ろへ",
    remove: (name) => `${name} を外す`,
    moved: (name, place, count) => `${name} は ${count} 個中 ${place} 番目になりました`,
    reorder: (earlier, later) => `ドラッグ、または ${earlier} と ${later} で並べ替え`,
    chainFull: "疎化は 8 個までです。",

    lambda: "λ",
    lambdaHelp:
      "マージしたタスクベクトルに沿ってどこまで進むかです。0 はベースのまま、1 は全体を足します。専用の規則を持つテンソルはその値を保ちます。",
    lambdaNone: (method) =>
      `${method}に λ はありません。重みそのものを平均するため、拡大縮小するタスクベクトルがないからです。`,
    best: (lambda, mean, tries, n) =>
      `速報 ${tries} 回での最良: λ ${lambda}、平均正解率 ${mean}（検証データの速報用部分集合、${n}）`,
    pinnedLambda: (lambda) => `固定したレシピ: λ ${lambda}`,

    step: "停止ステップ",
    stepHelp:
      "このエキスパートのどのチェックポイントを使うかです。ライブラリのつまみを動かすと、ステップごとの正解率が見られます。",
    weight: "重み",
    weightHelp:
      "このエキスパートの強さです。1 は学習したまま、0 は使わない、負なら学んだことを取り除きます。",
    takesPart: "使う",
    expertNote: "このエキスパートのタスクベクトル: このステップの重みからベースを引いたものです。",
  },
});
