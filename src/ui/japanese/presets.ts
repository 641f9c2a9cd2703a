/** Japanese words of the presets. */
import type { WordsById } from "./card-words.ts";

export const presets: WordsById = {
  average: { label: "単純平均", summary: "エキスパートの重みの平均です。" },
  "task-arithmetic": { label: "タスク算術", summary: "全タスクベクトルを λ 0.3 で足します。" },
  "ties-paper": {
    label: "TIES（論文）",
    summary: "モデル全体の上位 20 %、符号の選出、賛成したものの平均。",
  },
  "ties-official": {
    label: "TIES（公式コード）",
    summary: "著者のプログラムどおり。一つ多く、同順位もすべて残し、賛成したものの和、λ 0.3。",
  },
  "ties-mergekit": {
    label: "TIES（mergekit）",
    summary: "各テンソルの上位 20 %、重みつきの符号の選出、賛成した重みで割ります。",
  },
  "dare-linear": {
    label: "DARE + タスク算術",
    summary: "要素の九割を無作為に捨て、残りを拡大して足します。",
  },
  "dare-ties": { summary: "大きさではなく無作為に捨ててから、符号を選びます。" },
  della: {
    summary: "小さな要素ほど捨てられやすい無作為な間引きのあとで、符号を選びます。",
  },
  breadcrumbs: {
    summary: "各テンソルから、最も大きな 1/100 を除いた 1/10 を残し、そのままの強さで足します。",
  },
  slerp: { summary: "二つのエキスパートの重みの間を、弧に沿って進みます。" },
  "model-stock": { summary: "エキスパートの向きがそろうほど、ベースから平均のほうへ遠くまで進みます。" },
  "tadrop-task-arithmetic": {
    label: "TADrop + タスク算術",
    summary: "変化が似たテンソルほど多く捨て、残りを足します。",
  },
  "tadrop-ties": { summary: "テンソルごとの割合で刈り込んでから、符号を選びます。" },
  doge: { summary: "どのタスクも自分の向きから外れないような変更を、データなしで見つけて加えます。" },
  "doge-paper": {
    label: "DOGE（論文）",
    summary: "各層の変化をすべて長さ 0.07 にそろえます。CLIP に合う値です。",
  },
  "doge-am": {
    summary:
      "エキスパートごとに補正を最適化する DOGE。重みは AdaMerging で求められ、それまでは λ .3 で足し合わせます。",
  },
  emr: { summary: "共有のタスクベクトル一つと、タスクごとのマスクと倍率。" },
  "tadrop-emr": { summary: "テンソルごとに刈り込んだタスクベクトルでの EMR。" },
  "localize-and-stitch-dataless": {
    label: "Localize-and-Stitch（データなし）",
    summary: "各エキスパートが最も変えたモデルの 5 % をベースに置き、重なりは平均します。",
  },
};
