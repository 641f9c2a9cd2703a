/** Japanese words of what can be set in the workbench; the English ones are core's own. A table, so it may be long. */
import type { WorkCardId } from "#core/work-cards.ts";
import type { CardWords } from "../japanese/card-words.ts";

type ControlWords = NonNullable<CardWords["controls"]>;

const expectation = {
  label: "ラベルの扱い",
  help: "厳密では、例とクラスごとに逆伝播を一回行います。抽出では、ネットワーク自身の答えからラベルを引きます。",
  options: { auto: "10 クラスまでは厳密", exact: "厳密", sampled: "抽出" },
};
const samples = { label: "引くラベルの数", help: "ラベルを抽出するとき、例ごとに引く数です。" };
const examples = {
  label: "例の数",
  help: "そのタスクの検証データの先頭からこの数だけ使います。ラベルは読みません。",
};

const train: ControlWords = {
  mode: {
    label: "学習の対象",
    help: "すべての重み、各層に添える二つの小さな行列（LoRA）、またはマスクが選んだ要素だけ（TaLoS）です。",
    options: { full: "すべての重み", lora: "LoRA アダプター", sparse: "選ばれた要素" },
  },
  steps: {
    label: "ステップ数",
    help: "重みの更新回数です。学習の少ないエキスパートのほうが、マージではうまくいくことがよくあります。",
  },
  batch: { label: "バッチサイズ", help: "一回の更新に使う例の数です。" },
  learningRate: {
    label: "学習率",
    help: "最大のときの更新の大きさです。SGD では百倍ほどにします。",
  },
  optimiser: {
    label: "最適化",
    options: { adamw: "AdamW", adam: "Adam", sgd: "SGD（モメンタム）" },
  },
  weightDecay: {
    label: "重み減衰",
    help: "学習する値をゼロへ引く力です。AdamW では勾配とは別に、ほかでは勾配に足します。",
  },
  schedule: {
    label: "学習率の変化",
    help: "ウォームアップのあと、一定のまま、余弦に沿ってゼロまで下げる、検証が良くならなくなったら下げる、のどれかです。",
    options: { constant: "一定", cosine: "余弦でゼロへ", plateau: "頭打ちで下げる" },
  },
  warmUp: { label: "ウォームアップ", help: "学習率が最大になるまでのステップ数です。" },
  validateEvery: {
    label: "検証の間隔",
    help: "検証データで測る間隔（ステップ）です。頭打ちの判定もこの回数で数えます。",
  },
  checkpoints: {
    label: "チェックポイント",
    help: "あとでマージに使えるステップです。最後のものはいつも残ります。",
    options: { doubling: "k、2k、4k、8k …", every: "k ステップごと", last: "最後だけ" },
  },
  checkpointStep: { label: "最初のチェックポイント k" },
  seed: { label: "シード", help: "例の順序と、LoRA の出発点を決めます。" },
  rank: { label: "LoRA のランク", help: "アダプターの二つの行列の幅です。" },
  alpha: { label: "LoRA の alpha", help: "アダプターに alpha / ランク を掛けます。" },
  rankStabilised: { label: "rsLoRA", help: "alpha / √ランク を掛けます。" },
  clip: {
    label: "勾配の上限",
    help: "学習する値全体の勾配のノルムの上限です。0 は無制限です。",
  },
  plateauFactor: { label: "頭打ち：倍率", help: "検証が良くならないとき、学習率に掛ける値です。" },
  plateauPatience: { label: "頭打ち：我慢", help: "何回続けて良くならなければ下げるかです。" },
  plateauThreshold: {
    label: "頭打ち：最小の改善",
    help: "改善と数える正解率の伸び（0〜1）です。",
  },
  plateauReductions: { label: "頭打ち：下げる回数", help: "学習率を下げる回数の上限です。" },
  plateauStop: {
    label: "頭打ち：早く終える",
    help: "最後に下げたところで学習を終え、最も良い重みを残します。オフでは最低の学習率で続けます。",
  },
  momentum: { label: "SGD：モメンタム" },
  beta1: { label: "Adam：β1", help: "勾配の平均をどれだけ覚えておくかです。" },
  beta2: { label: "Adam：β2", help: "勾配の二乗平均をどれだけ覚えておくかです。" },
  epsilon: { label: "Adam：ε", help: "二乗平均の平方根に足す値です。" },
};

const localise: ControlWords = {
  shots: { label: "クラスごとの例", help: "各クラスの学習用の例を先頭からこの数だけ使います。" },
  epochs: { label: "エポック", help: "一エポックで全例の勾配を一度求め、一歩進みます。" },
  density: {
    label: "はじめの密度",
    help: "マスクが最初に選ぶ重みの割合です。大きく変わったものから選びます。",
  },
  bias: {
    label: "はじめのロジット",
    help: "選ばれた重みはこの値、ほかはこの負の値から始まります。大きいほど入れ替わりにくくなります。",
  },
  learningRate: {
    label: "学習率の決め方",
    help: "最初の勾配の大きさを基準にすると、どのモデルにも同じ値が使えます。公式コードの数値（バッチの和に掛ける）も選べます。",
    options: { relative: "最初の勾配を基準", official: "公式コードどおり" },
  },
  rate: {
    label: "学習率",
    help: "基準方式では、最初のエポックでロジットが動く量（二乗平均平方根）です。公式方式では論文の値は 10⁷ です。",
  },
  batch: { label: "バッチ", help: "公式の学習率でのみ使います。勾配はこの数ごとの平均の和です。" },
  regulariser: {
    label: "正則化",
    help: "論文はすべてのロジットを下げます（疎なマスク）。公式コードはそれぞれの側へ押します（はっきりしたマスク）。",
    options: { paper: "論文：より疎に", official: "公式コード：よりはっきり" },
  },
  strength: {
    label: "正則化の強さ",
    help: "エポックごとに、ロジットがこの値 × σ(S)(1 − σ(S)) だけ動きます。学習率とは無関係です。",
  },
  limit: {
    label: "密度の上限",
    help: "これより大きくなったマスクは、ロジットの大きいものだけを残します。1 は無制限です。",
  },
  patience: {
    label: "打ち切りまで",
    help: "検証での移植スコアが何エポック良くならなければ終えるかです。0 は打ち切りません。",
  },
};

const fisher: ControlWords = {
  examples,
  form: {
    label: "二乗するもの",
    help: "定義どおりでは例ごとの勾配を二乗します。FusionBench はバッチとクラスの和を二乗し、速い代わりに例が混ざります。",
    options: { "per-example": "例ごとの勾配", "batch-summed": "バッチの勾配（FusionBench）" },
  },
  expectation,
  samples,
  batch: { label: "バッチ", help: "バッチの勾配を二乗するときの大きさです。" },
  seed: { label: "シード", help: "抽出するラベルのシードです。" },
};

const calibrate: ControlWords = {
  density: { label: "密度", help: "微調整で変えてよい重みの割合です。" },
  choose: {
    label: "選ぶ重み",
    help: "TaLoS は、ベースの答えへの影響が最も小さい重みを変えます。ほかは比較のためのものです。",
    options: {
      least: "感度の最も低いもの（TaLoS）",
      most: "感度の最も高いもの",
      random: "無作為",
      magnitude: "絶対値の最も小さいもの",
    },
  },
  examples,
  rounds: { label: "回数", help: "毎回測り直し、密度^(回 ÷ 回数) を残します。" },
  unchosen: {
    label: "選ばれなかった重み",
    help: "前の回で落ちた重みに、次の回の測定中に掛ける値です。",
  },
  derivative: {
    label: "微分するもの",
    help: "論文のフィッシャー情報量は対数確率の微分です。公式の画像用コードは生のロジットを使います。",
    options: { "log-probability": "対数確率", logit: "生のロジット" },
  },
  expectation,
  samples,
  count: {
    label: "数え方",
    help: "公式コードは、最後のものと同じ値の重みをすべて選びます。",
    options: { exact: "ちょうど k 個", official: "k 個と同順位すべて" },
  },
  biases: {
    label: "バイアスも",
    help: "層のバイアスを変えてよいかどうかです。正規化のバイアスはいつも変えられます。",
  },
  seed: { label: "シード", help: "抽出するラベルと無作為な選択のシードです。" },
};

const adamerge: ControlWords = {
  per: {
    label: "係数の単位",
    help: "エキスパート全体に一つか、エキスパートのテンソルごとに一つかです。",
    options: { task: "エキスパートごと（タスク単位）", tensor: "テンソルごと（層単位）" },
  },
  steps: { label: "ステップ数", help: "論文は小さな歩みを多く取ります（学習率 0.001 で 1,000 回）。" },
  learningRate: { label: "学習率", help: "Adam の学習率で、一歩で係数が動くおよその量です。" },
  batch: { label: "一歩の例の数", help: "各タスクからこの数を使います。ラベルは読みません。" },
  start: { label: "はじめの値", help: "最初の一歩の前の、すべての係数の値です。" },
  seed: { label: "シード", help: "例の順序のシードです。" },
};

export const japaneseControls: Readonly<Record<WorkCardId, ControlWords>> = {
  train,
  localise,
  fisher,
  gram: { examples },
  calibrate,
  adamerge,
};
